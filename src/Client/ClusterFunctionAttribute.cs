namespace Cluster.Client;

/// <summary>
/// Gives a static method a name under which anybody can call it, once its assembly has been pushed: after <c>cluster push app.dll --name samples</c>, a method with
/// <c>[ClusterFunction("square")]</c> is <c>samples/square</c> on the command line, in grpcurl and in programs that do not have its code.
/// </summary>
/// <remarks>
/// The method must not be generic, nor in a generic type, and takes at most seven arguments besides a <see cref="CancellationToken"/>. It may be asynchronous. What it takes and
/// gives travels as JSON.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ClusterFunctionAttribute : Attribute
{
    /// <summary>The function is called what the method is called.</summary>
    public ClusterFunctionAttribute()
    {
    }

    /// <summary>Gives the function a name.</summary>
    /// <param name="name">Letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, 128 characters at most. Unique in the assembly.</param>
    public ClusterFunctionAttribute(string name) => Name = name;

    /// <summary>The name; null: that of the method.</summary>
    public string? Name { get; }

    /// <summary>What the function does, for people who list functions. Null: the summary of the method's XML documentation, where the compiler writes it to a file.</summary>
    public string? Description { get; set; }
}
