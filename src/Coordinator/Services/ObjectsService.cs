using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Sharing;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Services;

/// <summary>Shared objects: one call, one connection of a session.</summary>
internal sealed class ObjectsService(ObjectLoop loop, StreamShutdown shutdown, TimeProvider time) : Cluster.Protocol.V1.Objects.ObjectsBase
{
    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxLease = TimeSpan.FromHours(1);

    // How long a client may take to end its side, or to read what it is still owed.
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);

    public override async Task Session(IAsyncStreamReader<ObjectRequests> requestStream, IServerStreamWriter<ObjectReplies> responseStream, ServerCallContext context)
    {
        var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
        var lease = ReadLease(hello);
        var connection = new ObjectConnection(responseStream);
        if (!await loop.ConnectAsync(connection, hello, lease))
        {
            throw RichStatus.Missing(
                "session", hello.Name, "The session that the token names is over: its lease ended, it said goodbye, or the coordinator has lost it. Open a new one, and what it held anew.");
        }

        try
        {
            await ServeAsync(connection, requestStream, context.CancellationToken);
        }
        finally
        {
            loop.Disconnect(connection);
        }
    }

    private async Task ServeAsync(ObjectConnection connection, IAsyncStreamReader<ObjectRequests> requests, CancellationToken cancellationToken)
    {
        using var stopping = shutdown.Register((code, reason) => connection.End(code, reason + " Resume the session when it is back."));
        var reading = ReadAsync(connection, requests, cancellationToken);
        await Task.WhenAny(reading, connection.Ended, connection.Outbox.Completion);
        if (connection.Ended.IsCompleted)
        {
            throw new RpcException(await connection.Ended);
        }

        if (connection.Outbox.Completion.IsCompleted)
        {
            // A stream that cannot be written to says why.
            await connection.Outbox.Completion;
        }

        await reading;
        if (connection.Outbox.Close())
        {
            connection.Outbox.Execute();
        }

        await connection.Outbox.Completion.WaitAsync(FarewellPatience, time, cancellationToken);
    }

    private async Task ReadAsync(ObjectConnection connection, IAsyncStreamReader<ObjectRequests> requests, CancellationToken cancellationToken)
    {
        // The first message is here already, and may bring requests along.
        do
        {
            await connection.WaitForRoomAsync(cancellationToken);
            loop.Receive(connection, requests.Current);
            if (requests.Current.Bye)
            {
                loop.Close(connection);
                return;
            }
        }
        while (await requests.MoveNext(cancellationToken));
    }

    private async Task<ObjectsHello> ReadHelloAsync(IAsyncStreamReader<ObjectRequests> requests, CancellationToken cancellationToken)
    {
        if (!await shutdown.ReadFirstAsync(requests, cancellationToken) || requests.Current.Hello is not { } hello)
        {
            throw RichStatus.BadField("hello", "The first message of Objects.Session must have `hello`.");
        }

        return ProtocolVersion.CheckPeer($"coordinator {CoordinatorHost.Version}", $"client {hello.Name}", hello.ProtocolVersion) is { } skew
            ? throw RichStatus.Unmet("PROTOCOL_VERSION", "hello.protocol_version", skew)
            : hello;
    }

    private static TimeSpan ReadLease(ObjectsHello hello) =>
        !WireDuration.TryRead(hello.Lease, out var lease) || lease > MaxLease || (hello.Lease is not null && lease == TimeSpan.Zero)
            ? throw RichStatus.BadField("hello.lease", $"The lease has to be longer than zero and at most {MaxLease.TotalSeconds} s; absent, it is {DefaultLease.TotalSeconds} s.")
            : hello.Lease is null ? DefaultLease : lease;
}
