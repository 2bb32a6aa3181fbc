using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Two ends, each of which receives what the other sends: <c>multiprocessing.Pipe</c>. Give one end to a task and keep the other.</summary>
/// <typeparam name="T">What is sent.</typeparam>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterPipe<T> : ClusterObject
{
    internal ClusterPipe(ObjectHandle handle)
        : base(handle)
    {
        Left = new ClusterPipeEnd<T>(handle.OfEnd(PipeEnd.Left));
        Right = new ClusterPipeEnd<T>(handle.OfEnd(PipeEnd.Right));
    }

    /// <summary>The left end. Of a one-way pipe, the one that receives.</summary>
    public ClusterPipeEnd<T> Left { get; }

    /// <summary>The right end. Of a one-way pipe, the one that sends.</summary>
    public ClusterPipeEnd<T> Right { get; }

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"pipe '{Name}'" : "an anonymous pipe";
}
