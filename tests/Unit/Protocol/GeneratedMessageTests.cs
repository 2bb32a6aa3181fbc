using System.Collections;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Xunit;

namespace Cluster.Unit.Protocol;

/// <summary>The generator and the runtime library are pinned to different releases: every message they make together must keep every field.</summary>
public sealed class GeneratedMessageTests
{
    public static TheoryData<string> Messages() => [.. All().Select(message => message.FullName)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_field_survives_both_encodings(string name)
    {
        var descriptor = All().Single(message => message.FullName == name);
        var cases = Math.Max(1, descriptor.RealOneofCount == 0 ? 1 : descriptor.Oneofs.Take(descriptor.RealOneofCount).Max(oneof => oneof.Fields.Count));
        for (var oneofCase = 0; oneofCase < cases; oneofCase++)
        {
            var message = Fill(descriptor, oneofCase, depth: 0);

            var wire = message.ToByteArray();
            Assert.Equal(message.CalculateSize(), wire.Length);
            Assert.Equal(message, descriptor.Parser.ParseFrom(wire));
            Assert.Equal(wire, descriptor.Parser.ParseFrom(wire).ToByteArray());
            Assert.Equal(message, descriptor.Parser.ParseJson(JsonFormatter.Default.Format(message)));
            Assert.Equal(descriptor.Fields.InDeclarationOrder().Count == 0, wire.Length == 0);
        }
    }

    [Fact]
    public void Fields_of_the_future_are_kept()
    {
        var wire = Fill(Hello.Descriptor, 0, 0).ToByteArray().Concat<byte>([0xFA, 0x3F, 0x01, 0x55]).ToArray();

        Assert.Equal(wire, Hello.Parser.ParseFrom(wire).ToByteArray());
    }

    private static IEnumerable<MessageDescriptor> All()
    {
        FileDescriptor[] files =
        [
            BatchReflection.Descriptor, CodeReflection.Descriptor, ErrorsReflection.Descriptor, FunctionsReflection.Descriptor,
            JobsReflection.Descriptor, NodesReflection.Descriptor, WorkerReflection.Descriptor,
            ObjectsReflection.Descriptor, GeneralReflection.Descriptor, DictionaryReflection.Descriptor, ListReflection.Descriptor, QueueReflection.Descriptor,
            PipeReflection.Descriptor, CellsReflection.Descriptor, LocksReflection.Descriptor, StateReflection.Descriptor,
        ];
        return files.SelectMany(file => file.MessageTypes);
    }

    private static IMessage Fill(MessageDescriptor descriptor, int oneofCase, int depth)
    {
        var message = descriptor.Parser.ParseFrom([]);
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            // A message may contain itself: two levels show that it can.
            if (depth > 2 || (field.RealContainingOneof is { } oneof && oneof.Fields[oneofCase % oneof.Fields.Count] != field))
            {
                continue;
            }

            if (field.IsMap)
            {
                ((IDictionary)field.Accessor.GetValue(message))["key"] = "value";
            }
            else if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                list.Add(Value(field, depth));
                list.Add(Value(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        return message;
    }

    private static object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Fill(field.MessageType, 0, depth + 1),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, field.EnumType.Values[^1].Number),
        FieldType.String => "Grüße",
        FieldType.Bytes => ByteString.CopyFrom(0, 1, 255),
        FieldType.Bool => true,
        FieldType.UInt32 => uint.MaxValue,
        FieldType.UInt64 => ulong.MaxValue,
        // Seconds and nanoseconds of the well-known types have one sign.
        FieldType.Int64 => 3L,
        FieldType.SInt64 => -3L,
        FieldType.Double => -0.5,
        FieldType.Int32 => field.ContainingType.File.Package == "google.protobuf" ? 4 : -1,
        _ => throw new NotSupportedException($"{field.FullName} has a type that this test does not know yet: {field.FieldType}."),
    };
}
