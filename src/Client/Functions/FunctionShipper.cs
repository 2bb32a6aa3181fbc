using System.Collections.Concurrent;
using System.Reflection;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Functions;

/// <summary>
/// Turns delegates into messages. What does not change between calls is kept per method: the next call with the same function costs a
/// look-up, and a function that captured something costs the writing of its captures. Thread-safe.
/// </summary>
internal sealed class FunctionShipper
{
    private readonly ConcurrentDictionary<(MethodInfo Method, Type Delegate), MethodReference> _methods = new();
    private readonly ConcurrentDictionary<MethodReference, Plain> _plain = new();
    private readonly FunctionCode _code = new();

    /// <summary>Prepares a function for the journey. Captured values are copied now: what happens to them later is not seen by the nodes.</summary>
    /// <exception cref="FunctionNotShippableException">Something that the function needs cannot leave this process.</exception>
    public ShippedFunction Ship(Delegate function) => Split(function, maxCaptureBytes: -1).Function;

    /// <summary>Prepares a function for a single call: what it captured is kept apart where it is small enough to be sent with each call.</summary>
    /// <param name="function">The function.</param>
    /// <param name="maxCaptureBytes">The most bytes that are kept apart; larger captures become a part of the function.</param>
    /// <exception cref="FunctionNotShippableException">Something that the function needs cannot leave this process.</exception>
    public SplitFunction Split(Delegate function, int maxCaptureBytes)
    {
        var method = Reference(function);
        if (function.Target is null && function.HasSingleTarget && !method.BindsFirstParameter)
        {
            return new SplitFunction(PlainOf(method).Function, null, IsShared: true);
        }

        var collector = new CaptureCollector(Reference, method.Description);
        if (collector.Collect(function, "").Target is not { } target)
        {
            return new SplitFunction(PlainOf(method).Function, null, IsShared: true);
        }

        var isAlone = collector.Methods.Count == 1;
        var captures = CaptureWriter.Write(target, method.Description);
        var isApart = captures.Length <= maxCaptureBytes;
        if (isAlone && isApart)
        {
            return new SplitFunction(PlainOf(method).Function, captures.Memory, IsShared: true);
        }

        var code = isAlone ? PlainOf(method).Code : _code.Of(collector.Methods, method.Description);
        var message = method.ToMessage(code.Message);
        message.Target = isApart ? ByteString.Empty : captures;
        return new SplitFunction(new ShippedFunction(message, code.Files), isApart ? captures.Memory : default(ReadOnlyMemory<byte>?), IsShared: false);
    }

    /// <summary>
    /// Reads and hashes the code of a program before its first function is sent, so that this happens while a connection is being made.
    /// Does nothing for code that cannot travel; the call that needs it will say so.
    /// </summary>
    /// <param name="program">The assembly whose functions will be sent, such as the entry assembly.</param>
    public static void Prepare(Assembly program)
    {
        if (!program.IsDynamic && program.Location.Length > 0)
        {
            FunctionCode.Prepare(program);
        }
    }

    /// <summary>Names a static method in an assembly that is not loaded here. Only the worker will know whether it exists.</summary>
    /// <param name="assemblyPath">The assembly; what it refers to is looked for next to it.</param>
    /// <param name="typeName">The type's reflection name: <c>Namespace.Outer+Inner</c>.</param>
    /// <param name="methodName">The method, which must not be overloaded.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadImageFormatException">The file is not an assembly.</exception>
    public static ShippedFunction Ship(string assemblyPath, string typeName, string methodName)
    {
        var path = Path.GetFullPath(assemblyPath);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.", path);
        }

        var file = AssemblyFiles.Find(path) ?? throw new BadImageFormatException($"{path} is not a .NET assembly.", path);
        var code = FunctionCode.Of(file);
        return new ShippedFunction(
            new Function { Code = code.Message, Assembly = file.Name, Type = typeName, Method = methodName }, code.Files);
    }

    private MethodReference Reference(Delegate function) =>
        _methods.GetOrAdd((function.Method, function.GetType()), static key => new MethodReference(key.Method, key.Delegate));

    private Plain PlainOf(MethodReference method) => _plain.GetOrAdd(
        method,
        static (method, functionCode) =>
        {
            var code = functionCode.Of([method], method.Description);
            return new Plain(code, new ShippedFunction(method.ToMessage(code.Message), code.Files));
        },
        _code);

    private sealed record Plain(CodeSet Code, ShippedFunction Function);
}
