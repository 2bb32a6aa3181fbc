using System.Reflection;
using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>
/// Which captured variables a function really uses. The compiler puts the variables of all lambdas of a scope into one object; a lambda
/// must not be refused, nor grow, because of what its neighbour captured.
/// </summary>
/// <remarks>
/// Only code that the compiler made can touch a closure's fields: the lambda, local functions, lambdas inside it, and their state
/// machines. All of these are mentioned by the code that uses them, so following the mentions finds every access.
/// </remarks>
internal sealed class ClosureUsage
{
    private readonly HashSet<(Module Module, int Token)> _fields = [];
    private readonly HashSet<MethodBase> _seen = [];
    private readonly Stack<MethodBase> _pending = new();
    private bool _everything;

    private ClosureUsage()
    {
    }

    /// <summary>Reads the code of a function.</summary>
    public static ClosureUsage Of(MethodInfo method)
    {
        var usage = new ClosureUsage();
        usage.Follow(method);
        while (usage._pending.TryPop(out var next))
        {
            usage.Scan(next);
        }

        return usage;
    }

    /// <summary>Whether the function touches a field of a closure.</summary>
    public bool Uses(FieldInfo field) => _everything || _fields.Contains((field.Module, field.MetadataToken));

    private void Scan(MethodBase method)
    {
        if (IlReader.Read(method) is not { } instructions)
        {
            _everything = true;
            return;
        }

        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        foreach (var (_, token) in instructions)
        {
            if (token != 0 && Resolve(method.Module, token, typeArguments, methodArguments) is { } member)
            {
                Visit(member);
            }
        }
    }

    private void Visit(MemberInfo member)
    {
        switch (member)
        {
            case FieldInfo field:
                _fields.Add((field.Module, field.MetadataToken));
                break;
            case MethodBase method:
                // builder.Start<StateMachine>(ref machine) mentions an async lambda's state machine, new Machine(…) an iterator's.
                foreach (var argument in method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : [])
                {
                    FollowStateMachine(argument);
                }

                if (method.DeclaringType is { } type)
                {
                    FollowStateMachine(type);
                }

                if (IsCompilerMade(method))
                {
                    Follow(method);
                }

                break;
        }
    }

    private void FollowStateMachine(Type type)
    {
        if (type.Name.StartsWith('<') && !ClosureTypes.IsClosure(type))
        {
            foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Follow(method);
            }
        }
    }

    private void Follow(MethodBase method)
    {
        if (!method.IsAbstract && _seen.Add(method))
        {
            _pending.Push(method);
        }
    }

    private static bool IsCompilerMade(MethodBase method) =>
        method.Name.StartsWith('<') || method.DeclaringType is { } type && (type.Name.StartsWith('<') || ClosureTypes.IsClosure(type));

    private static MemberInfo? Resolve(Module module, int token, Type[]? typeArguments, Type[]? methodArguments)
    {
        try
        {
            return module.ResolveMember(token, typeArguments, methodArguments);
        }
        catch (Exception exception) when (exception is FileNotFoundException or FileLoadException or TypeLoadException or BadImageFormatException
            or MissingMemberException)
        {
            // Something outside this assembly that is not here. Closures are always inside it.
            return null;
        }
    }
}
