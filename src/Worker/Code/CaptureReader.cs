using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>Rebuilds what a delegate captured, in the layout that <see cref="CaptureFormat"/> describes.</summary>
internal sealed class CaptureReader(CodeContext context, MethodFinder methods)
{
    private readonly Dictionary<int, object> _closures = [];

    /// <summary>Rebuilds the object that a method is bound to.</summary>
    /// <param name="target">The capture; absent for a lambda that captures nothing.</param>
    /// <param name="method">The method.</param>
    public object? ReadTarget(JsonElement? target, MethodInfo method)
    {
        if (target is null)
        {
            return method.IsStatic ? null : RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
        }

        return Read(target.Value, method.IsStatic ? method.GetParameters()[0].ParameterType : method.DeclaringType!);
    }

    private object? Read(JsonElement capture, Type type)
    {
        if (capture.TryGetProperty(CaptureFormat.Value, out var value))
        {
            return value.ValueKind == JsonValueKind.Null && !type.IsValueType
                ? null
                : value.Deserialize(context.CaptureOptions.GetTypeInfo(type));
        }

        if (capture.TryGetProperty(CaptureFormat.Closure, out var number))
        {
            return ReadClosure(number.GetInt32(), capture.GetProperty(CaptureFormat.Fields), type);
        }

        if (capture.TryGetProperty(CaptureFormat.Same, out var same))
        {
            return _closures[same.GetInt32()];
        }

        return capture.TryGetProperty(CaptureFormat.Delegate, out var captured)
            ? ReadDelegate(captured, type)
            : throw new JsonException(
                $"A captured {type} is of a kind that this worker does not know: {capture.EnumerateObject().FirstOrDefault().Name}. "
                + "Update the nodes.");
    }

    private object ReadClosure(int number, JsonElement fields, Type type)
    {
        if (!ClosureTypes.IsClosure(type))
        {
            throw new JsonException($"{type} is not a closure.");
        }

        var closure = RuntimeHelpers.GetUninitializedObject(type);
        // Before its fields: a delegate among them may refer back to the closure.
        _closures.Add(number, closure);
        foreach (var property in fields.EnumerateObject())
        {
            var field = type.GetField(property.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                ?? throw new MissingFieldException(type.FullName, property.Name);
            field.SetValue(closure, Read(property.Value, field.FieldType));
        }

        return closure;
    }

    private Delegate ReadDelegate(JsonElement captured, Type type)
    {
        var function = new Function
        {
            Assembly = captured.GetProperty(CaptureFormat.Assembly).GetString(),
            Type = captured.GetProperty(CaptureFormat.Type).GetString(),
            Method = captured.GetProperty(CaptureFormat.Method).GetString(),
            Token = captured.GetProperty(CaptureFormat.Token).GetUInt32(),
            DelegateType = TypeNames.Write(type),
        };
        function.TypeArguments.AddRange(Strings(captured, CaptureFormat.TypeArguments));
        function.MethodTypeArguments.AddRange(Strings(captured, CaptureFormat.MethodTypeArguments));
        function.Parameters.AddRange(Strings(captured, CaptureFormat.Parameters));
        var method = methods.Find(function);
        JsonElement? target = captured.TryGetProperty(CaptureFormat.Target, out var found) ? found : null;
        var bound = ReadTarget(target, method);
        return method.IsStatic && target is null ? method.CreateDelegate(type) : method.CreateDelegate(type, bound);
    }

    private static IEnumerable<string> Strings(JsonElement element, string name) =>
        element.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);
}
