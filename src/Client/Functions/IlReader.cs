using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Cluster.Client.Functions;

/// <summary>Reads which members the instructions of a method mention.</summary>
internal static class IlReader
{
    private const int TwoByteCode = 0xFE;

    private static readonly Dictionary<int, OpCode> ByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>The instructions of a method, with their metadata tokens; 0 for those that have none. Null for methods without IL.</summary>
    public static IReadOnlyList<(OpCode Code, int Token)>? Read(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } il)
        {
            return null;
        }

        var instructions = new List<(OpCode, int)>();
        for (var position = 0; position < il.Length;)
        {
            int value = il[position++];
            if (value == TwoByteCode)
            {
                value = (value << 8) | il[position++];
            }

            var code = ByValue[value];
            var token = code.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                ? BinaryPrimitives.ReadInt32LittleEndian(il.AsSpan(position))
                : 0;
            instructions.Add((code, token));
            position += OperandSize(code, il.AsSpan(position));
        }

        return instructions;
    }

    private static int OperandSize(OpCode code, ReadOnlySpan<byte> operand) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(operand)),
        _ => 4,
    };
}
