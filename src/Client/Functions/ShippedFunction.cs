using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>A function as it travels, and where the code that it needs is on this machine.</summary>
/// <param name="Message">What a job's spec says. Shared between calls: nobody may change it.</param>
/// <param name="Files">The files of its code, in the same order.</param>
internal sealed record ShippedFunction(Function Message, IReadOnlyList<LocalCodeFile> Files)
{
    /// <summary>The coordinator has its code, and is asked by name when a job begins; <see cref="Message"/> stands for it until then. Null: it comes from this machine.</summary>
    public NamedTarget? Target { get; init; }
}
