namespace Grpc.Core;

/// <summary>Says, on the base class of a service, which static method binds its methods.</summary>
/// <param name="bindType">The type that has the method.</param>
/// <param name="bindMethodName">Its name; it takes a <see cref="ServiceBinderBase"/> and the service.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The type that has the method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>The name of the method.</summary>
    public string BindMethodName { get; } = bindMethodName;
}
