using Cluster.Protocol;
using Cluster.Protocol.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ObjectsClient = Cluster.Protocol.V1.Objects.ObjectsClient;

namespace Cluster.Node.Workers.Objects;

/// <summary>One call of the node's own session with the shared objects. It holds nothing, and is not resumed.</summary>
internal sealed class WatchStream : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _ending;
    private readonly AsyncDuplexStreamingCall<ObjectRequests, ObjectReplies> _call;
    private readonly Func<WatchStream, ObjectRequests?> _take;
    private Wakes _wakes;

    private WatchStream(ObjectsClient coordinator, Metadata headers, Func<WatchStream, ObjectRequests?> take, CancellationToken cancellationToken)
    {
        _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _call = coordinator.Session(headers, cancellationToken: _ending.Token);
        _take = take;
    }

    /// <summary>Names the history that revisions and ids belong to.</summary>
    public string Incarnation { get; private set; } = "";

    /// <summary>Opens a session.</summary>
    /// <param name="coordinator">Makes the call.</param>
    /// <param name="headers">What it carries.</param>
    /// <param name="name">For people: the node.</param>
    /// <param name="take">Gives what is to be sent; null: nothing.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <returns>Null: the coordinator cannot be reached, or refuses.</returns>
    public static async Task<WatchStream?> TryOpenAsync(
        ObjectsClient coordinator, Metadata headers, string name, Func<WatchStream, ObjectRequests?> take, CancellationToken cancellationToken)
    {
        var stream = new WatchStream(coordinator, headers, take, cancellationToken);
        try
        {
            stream._ending.CancelAfter(Patience);
            if (await stream.GreetAsync(name).ConfigureAwait(false))
            {
                stream._ending.CancelAfter(Timeout.InfiniteTimeSpan);
                return stream;
            }
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            // Whoever wanted to watch asks the coordinator without it, and hears from it what is wrong.
        }

        stream.Dispose();
        return null;
    }

    /// <summary>Has what there is to send sent.</summary>
    public void Wake()
    {
        if (_wakes.Add())
        {
            _ = SendAsync();
        }
    }

    /// <summary>Hands on what comes until the call ends, however it does.</summary>
    public async Task ReadAsync(Action<ObjectReplies> receive)
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(_ending.Token).ConfigureAwait(false))
            {
                receive(_call.ResponseStream.Current);
            }
        }
        catch (Exception exception) when (IsBreak(exception))
        {
            // Those who rely on it come back, and open another.
        }
    }

    public void Dispose()
    {
        _call.Dispose();
        _ending.Dispose();
    }

    private static bool IsBreak(Exception exception) => exception is RpcException or InvalidOperationException or OperationCanceledException or IOException;

    private async Task<bool> GreetAsync(string name)
    {
        var hello = new ObjectsHello { ProtocolVersion = ProtocolVersion.Current, Lease = Lease.ToDuration(), Name = $"watches of node {name}" };
        await _call.RequestStream.WriteAsync(new ObjectRequests { Hello = hello }, _ending.Token).ConfigureAwait(false);
        Incarnation = await _call.ResponseStream.MoveNext(_ending.Token).ConfigureAwait(false) && _call.ResponseStream.Current.Welcome is { } welcome ? welcome.Incarnation : "";
        return Incarnation.Length > 0;
    }

    private async Task SendAsync()
    {
        int seen;
        do
        {
            seen = _wakes.Seen;
            try
            {
                while (_take(this) is { } requests)
                {
                    await _call.RequestStream.WriteAsync(requests, _ending.Token).ConfigureAwait(false);
                }
            }
            catch (Exception exception) when (IsBreak(exception))
            {
                // Whoever reads learns that the call is over.
            }
        }
        while (_wakes.HasMore(seen));
    }
}
