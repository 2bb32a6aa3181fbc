using System.Globalization;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Nodes;

/// <summary>What an attached node sends. A node that breaks the protocol loses its session, and nobody else anything.</summary>
/// <param name="node">The node.</param>
/// <param name="loop">Who is told of it.</param>
/// <param name="maxItemBytes">The largest result.</param>
/// <param name="onDraining">Hears that the node is to leave, and why.</param>
internal sealed class NodeStream(NodeSession node, SchedulerLoop loop, long maxItemBytes, Action<Draining>? onDraining = null)
{
    // Processes do not send these to themselves: somebody else, or the kernel when memory runs out.
    private const int Sigkill = 9;
    private const int Sigterm = 15;

    // Of which a part of a large result has come.
    private readonly HashSet<HeldChunk> _partial = [];

    /// <summary>Whether the node has taken its leave.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Reads until the node leaves, breaks the protocol, or the connection is gone or another has taken its place.</summary>
    public async Task ReadAsync(NodeConnection connection, IAsyncStreamReader<NodeMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            while (await messages.MoveNext(cancellationToken))
            {
                if (!TryHandle(connection, messages.Current))
                {
                    return;
                }
            }

            connection.End(StatusCode.OK, "It ended its stream without a goodbye.");
        }
        catch (RpcException exception)
        {
            connection.End(exception.StatusCode, exception.Status.Detail);
        }
#pragma warning disable CA1031 // However the connection breaks, its end tells why.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            connection.End(StatusCode.Cancelled, exception.Message);
        }
    }

    /// <summary>The session is over: parts of results will never be whole.</summary>
    public void ForgetParts()
    {
        lock (node.Receiving)
        {
            foreach (var chunk in _partial)
            {
                chunk.ForgetPart();
            }

            _partial.Clear();
        }
    }

    /// <returns>Whether to read on.</returns>
    private bool TryHandle(NodeConnection connection, NodeMessage message)
    {
        lock (node.Receiving)
        {
            if (node.Closed.IsCompleted || !node.IsLatest(connection))
            {
                return false;
            }

            node.Lease.Renew();
            if (Handle(message) is { } violation)
            {
                node.Close(StatusCode.InvalidArgument, $"Node '{node.Name}' broke the protocol: {violation}");
            }
            else if (HasLeft)
            {
                node.Close(StatusCode.OK, "");
            }

            return !node.Closed.IsCompleted;
        }
    }

    private string? Handle(NodeMessage message)
    {
        switch (message.MessageCase)
        {
            case NodeMessage.MessageOneofCase.Heartbeat:
                node.LastHeartbeat = message.Heartbeat;
                node.Send(new NodeCommand { HeartbeatAck = new HeartbeatAck { Sequence = message.Heartbeat.Sequence } });
                node.Acknowledge();
                return null;
            case NodeMessage.MessageOneofCase.Acknowledged:
                return node.TryAcknowledge(message.Acknowledged.Received)
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"It acknowledges command {message.Acknowledged.Received}, which was not given.");
            case NodeMessage.MessageOneofCase.Goodbye:
                HasLeft = true;
                return null;
        }

        // Acting on it takes parts of it out.
        var bytes = PayloadBytes(message);
        var violation = HandleNumbered(message);
        node.Heard(bytes);
        return violation;
    }

    private string? HandleNumbered(NodeMessage message)
    {
        switch (message.MessageCase)
        {
            case NodeMessage.MessageOneofCase.ChunkStarted:
                return Find(message.ChunkStarted.ChunkId, chunk => loop.Started(node, chunk, message.ChunkStarted.WorkerPid));
            case NodeMessage.MessageOneofCase.ChunkResults:
                return Answered(message.ChunkResults);
            case NodeMessage.MessageOneofCase.ChunkEnded:
                return Ended(message.ChunkEnded);
            case NodeMessage.MessageOneofCase.ChunkOutput:
                return message.ChunkOutput.Output is { } output
                    ? Find(message.ChunkOutput.ChunkId, chunk => Output(chunk, output))
                    : string.Create(CultureInfo.InvariantCulture, $"The output of chunk {message.ChunkOutput.ChunkId} is missing.");
            case NodeMessage.MessageOneofCase.Draining:
                return Draining(message.Draining);
            default:
                return "A message is empty, came twice, or is of a kind that this coordinator does not know.";
        }
    }

    private string? Draining(Draining message)
    {
        if (!WireDuration.TryRead(message.Grace, out _))
        {
            return $"The grace of a node that drains is {message.Grace}; a duration has {WireDuration.Rule}.";
        }

        onDraining?.Invoke(message);
        loop.Drain(node);
        return null;
    }

    private string? Answered(ChunkResults message)
    {
        if (!node.TryFind(message.ChunkId, out var chunk))
        {
            return Unknown(message.ChunkId);
        }

        if (message.Results is not { } results)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The results of chunk {message.ChunkId} are missing.");
        }

        var violation = chunk.Receive(results, maxItemBytes, out var answer);
        _ = chunk.IsPartial ? _partial.Add(chunk) : _partial.Remove(chunk);
        if (violation is null)
        {
            loop.Answered(node, chunk, answer);
        }

        return violation;
    }

    private string? Ended(ChunkEnded end)
    {
        if (!node.TryFind(end.ChunkId, out var chunk))
        {
            return Unknown(end.ChunkId);
        }

        ChunkOutcome? outcome = end.End switch
        {
            ChunkEnd.Done => ChunkOutcome.Done,
            ChunkEnd.WorkerLost when end.Shared => ChunkOutcome.SharedWorkerLost,
            ChunkEnd.WorkerLost when end.Error is { HasSignal: true, Signal: Sigkill or Sigterm } => ChunkOutcome.WorkerKilled,
            ChunkEnd.WorkerLost => ChunkOutcome.WorkerLost,
            ChunkEnd.OutOfMemory => ChunkOutcome.OutOfMemory,
            ChunkEnd.Cancelled or ChunkEnd.TimedOut => ChunkOutcome.Cancelled,
            ChunkEnd.CodeFailed when end.Error is { Transient: true } => ChunkOutcome.CodeUnavailable,
            ChunkEnd.CodeFailed => ChunkOutcome.CodeFailed,
            _ => null,
        };
        if (outcome is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Chunk {end.ChunkId} ended in a way that this coordinator does not know ({end.End:D}).");
        }

        if (!WireDuration.TryRead(end.Elapsed, out var elapsed))
        {
            return string.Create(CultureInfo.InvariantCulture, $"The time of chunk {end.ChunkId} (`elapsed`) is {end.Elapsed}; a duration has {WireDuration.Rule}.");
        }

        chunk.ForgetPart();
        _partial.Remove(chunk);
        node.End(chunk);
        if (end.End == ChunkEnd.TimedOut)
        {
            loop.TimedOut(chunk, end.Index, end.Tries, end.Error ?? new ErrorInfo { Message = "The item's time was up. Its node did not say more." });
        }

        loop.Ended(node, chunk, outcome.Value, elapsed, end.Error);
        return null;
    }

    private void Output(HeldChunk chunk, Output output)
    {
        if (!chunk.Job.Spec.WantOutput)
        {
            return;
        }

        foreach (var line in output.Lines)
        {
            line.Node = node.Name;
        }

        foreach (var dropped in output.Dropped)
        {
            dropped.Node = node.Name;
        }

        // Results of the same item come later on this stream and go through the loop: they cannot overtake.
        chunk.Job.Outbox.SendOutput(node.Name, output);
    }

    private string? Find(ulong id, Action<HeldChunk> then)
    {
        if (!node.TryFind(id, out var chunk))
        {
            return Unknown(id);
        }

        then(chunk);
        return null;
    }

    private static long PayloadBytes(NodeMessage message)
    {
        long bytes = 0;
        foreach (var batch in message.ChunkResults?.Results?.Batches ?? [])
        {
            bytes += batch.Payload.Length;
        }

        return bytes;
    }

    private static string Unknown(ulong chunk) => string.Create(CultureInfo.InvariantCulture, $"It does not hold chunk {chunk}, of which it wrote.");
}
