using System.Runtime.CompilerServices;

namespace Cluster.Client.Futures;

/// <summary>
/// Compares by reference: the compiler keeps one delegate per static method and per lambda that captures nothing, and one function is
/// prepared for all delegates of a lambda whose captures travel apart.
/// </summary>
internal sealed class FunctionIdentity : IEqualityComparer<(object Function, TaskOptions Options)>
{
    public static readonly FunctionIdentity Instance = new();

    public bool Equals((object Function, TaskOptions Options) x, (object Function, TaskOptions Options) y) =>
        ReferenceEquals(x.Function, y.Function) && ReferenceEquals(x.Options, y.Options);

    public int GetHashCode((object Function, TaskOptions Options) pair) =>
        HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Function), RuntimeHelpers.GetHashCode(pair.Options));
}
