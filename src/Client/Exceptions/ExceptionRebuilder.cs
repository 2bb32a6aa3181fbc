using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Cluster.Protocol.V1;

namespace Cluster.Client.Exceptions;

/// <summary>
/// Rebuilds the exception that a task threw, for <c>catch</c> clauses and messages. Nothing is deserialized: the type must be known here
/// already, from the framework or from an assembly that this process has loaded, and is made from a message alone. One that would then say
/// something else is not made.
/// </summary>
internal static class ExceptionRebuilder
{
    // A chain from the wire may be as long as it likes; people read the first few.
    private const int DeepestChain = 16;

    /// <summary>Rebuilds an exception and its inner exceptions.</summary>
    /// <returns>The exception; null where its type is not known here or cannot be made from a message.</returns>
    public static Exception? Rebuild(ErrorInfo error) => Rebuild(error, DeepestChain);

    private static Exception? Rebuild(ErrorInfo error, int depth)
    {
        if (depth == 0 || error.Type.Length == 0 || Find(error) is not { } type)
        {
            return null;
        }

        var inner = error.Inner is { } innerError ? Rebuild(innerError, depth - 1) : null;
        var made = type == typeof(AggregateException) ? MakeAggregate(error, inner, depth) : Make(type, error.Message, inner);
        if (made is not { } exception || !Says(exception, error.Message))
        {
            return null;
        }

        if (error.Stack.Length > 0)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, error.Stack);
        }

        return exception;
    }

    // The only string that a constructor takes need not be a message, and one without parameters takes none.
    private static bool Says(Exception exception, string message)
    {
        try
        {
            return exception.Message == message;
        }
#pragma warning disable CA1031 // The property is the user's; it may throw anything.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private static Type? Find(ErrorInfo error)
    {
        try
        {
            var type = Loaded(error.Assembly)?.GetType(error.Type, throwOnError: false);
            return type is { IsAbstract: false, ContainsGenericParameters: false } && type.IsAssignableTo(typeof(Exception)) ? type : null;
        }
        catch (Exception exception) when (exception is ArgumentException or BadImageFormatException or IOException)
        {
            // The name came over the wire; one that is no type's name is a type that is not known here.
            return null;
        }
    }

    private static Assembly? Loaded(string name)
    {
        if (name.Length == 0)
        {
            return typeof(object).Assembly;
        }

        var loaded = AppDomain.CurrentDomain.GetAssemblies()
            .FirstOrDefault(assembly => string.Equals(assembly.GetName().Name, name, StringComparison.OrdinalIgnoreCase));
        if (loaded is not null)
        {
            return loaded;
        }

        var isFramework = name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0
            && File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name + ".dll"));
        return isFramework ? Assembly.Load(new AssemblyName(name)) : null;
    }

    // Its message ends with those of its inner exceptions, which it adds by itself.
    private static AggregateException? MakeAggregate(ErrorInfo error, Exception? first, int depth)
    {
        Exception?[] inner = [.. error.Inner is null ? [] : new[] { first }, .. error.FurtherInner.Select(further => Rebuild(further, depth - 1))];
        if (inner.Contains(null))
        {
            return null;
        }

        var end = string.Concat(inner.Select(exception => $" ({exception!.Message})"));
        return error.Message.EndsWith(end, StringComparison.Ordinal) ? new AggregateException(error.Message[..^end.Length], inner!) : null;
    }

    // (message, inner) first: the single string of ArgumentNullException and its like is not a message.
    private static Exception? Make(Type type, string message, Exception? inner)
    {
        try
        {
            if (type.GetConstructor([typeof(string), typeof(Exception)]) is { } full)
            {
                return (Exception)full.Invoke([message, inner]);
            }

            if (type.GetConstructor([typeof(string)]) is { } simple)
            {
                return (Exception)simple.Invoke([message]);
            }

            return (Exception?)type.GetConstructor(Type.EmptyTypes)?.Invoke(null);
        }
        catch (Exception exception) when (exception is TargetInvocationException or MemberAccessException or NotSupportedException)
        {
            // A constructor with demands of its own: the texts have to do.
            return null;
        }
    }
}
