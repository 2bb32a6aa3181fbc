using System.Reflection;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>What can be said about a method once and for all: how it is named on the wire, and which captured variables it uses.</summary>
internal sealed class MethodReference
{
    private readonly Lazy<ClosureUsage> _usage;

    /// <param name="method">The method.</param>
    /// <param name="delegateType">The type of the delegates that call it.</param>
    public MethodReference(MethodInfo method, Type delegateType)
    {
        Method = method;
        DelegateClass = delegateType;
        Description = MethodNames.Describe(method);
        _usage = new Lazy<ClosureUsage>(() => ClosureUsage.Of(method));
        if (method.DeclaringType is not { } type || method is not { MetadataToken: not 0 } || method.Module.Assembly.IsDynamic)
        {
            throw new FunctionNotShippableException(
                $"{method.Name} cannot be sent to the cluster: it was made at run time (a compiled expression or a dynamic method), so there is no "
                + "assembly that could travel. Use a method or a lambda of your program.",
                method.Name);
        }

        AssemblyName = type.Assembly.GetName().Name!;
        TypeName = TypeNames.WriteDefinition(type);
        TypeArguments = [.. type.GetGenericArguments().Select(TypeNames.Write)];
        MethodTypeArguments = [.. method.GetGenericArguments().Select(TypeNames.Write)];
        // Nodes may have another build of .NET or of the SDK, in which the same method has another token.
        Token = FrameworkAssemblies.Contains(type.Assembly) || FunctionCode.IsSdk(type.Assembly) ? 0 : (uint)method.MetadataToken;
        var parameters = TypesOf(method);
        Parameters = [.. parameters.Select(TypeNames.Write)];
        var invoke = delegateType.GetMethod("Invoke")!;
        var arguments = TypesOf(invoke);
        BindsFirstParameter = method.IsStatic && parameters.Length == arguments.Length + 1;
        var isSame = method.ReturnType == invoke.ReturnType && parameters.Skip(BindsFirstParameter ? 1 : 0).SequenceEqual(arguments);
        DelegateType = isSame && Token != 0 ? "" : TypeNames.Write(delegateType);
    }

    public MethodInfo Method { get; }

    /// <summary>The type of the delegates that call it.</summary>
    public Type DelegateClass { get; }

    /// <summary>The method in messages for people.</summary>
    public string Description { get; }

    public string AssemblyName { get; }

    public string TypeName { get; }

    public IReadOnlyList<string> TypeArguments { get; }

    public IReadOnlyList<string> MethodTypeArguments { get; }

    public IReadOnlyList<string> Parameters { get; }

    /// <summary>0 where only the name can be relied on.</summary>
    public uint Token { get; }

    /// <summary>Whether delegates of this type carry the first argument with them, as those do that are made of extension methods.</summary>
    public bool BindsFirstParameter { get; }

    /// <summary>The type of the delegates where their signature differs from the method's, or has to tell it apart; otherwise empty.</summary>
    public string DelegateType { get; }

    /// <summary>Which captured variables the method uses.</summary>
    public ClosureUsage Usage => _usage.Value;

    /// <summary>The message for a call of this method.</summary>
    public Function ToMessage(Protocol.V1.Code code) => new()
    {
        Code = code,
        Assembly = AssemblyName,
        Type = TypeName,
        Method = Method.Name,
        TypeArguments = { TypeArguments },
        MethodTypeArguments = { MethodTypeArguments },
        Token = Token,
        Parameters = { Parameters },
        DelegateType = DelegateType,
    };

    private static Type[] TypesOf(MethodInfo method) => [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
}
