using System.Runtime.CompilerServices;

namespace Cluster.Client.Futures;

/// <summary>Compares by reference: the compiler keeps one delegate per static method and per lambda that captures nothing.</summary>
internal sealed class DelegateIdentity : IEqualityComparer<(Delegate Function, TaskOptions Options)>
{
    public static readonly DelegateIdentity Instance = new();

    public bool Equals((Delegate Function, TaskOptions Options) x, (Delegate Function, TaskOptions Options) y) =>
        ReferenceEquals(x.Function, y.Function) && ReferenceEquals(x.Options, y.Options);

    public int GetHashCode((Delegate Function, TaskOptions Options) pair) =>
        HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Function), RuntimeHelpers.GetHashCode(pair.Options));
}
