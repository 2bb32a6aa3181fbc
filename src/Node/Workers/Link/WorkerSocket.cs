using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Link;

/// <summary>
/// Where workers connect: a Unix socket in a folder that only this user may enter. Each worker was given a key of its own over its stdin; a
/// connection that does not begin with the key of a worker that is expected is closed.
/// </summary>
internal sealed class WorkerSocket : IDisposable
{
    private const int KeyBytes = 16;

    /// <summary>What the kernel allows for the path of a socket, with some room for its name.</summary>
    private const int MaxFolderLength = 96;

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<WorkerLink>> _expected = new();
    private readonly ConcurrentDictionary<string, bool> _admitted = new();
    private readonly ConcurrentDictionary<Task, bool> _relays = new();
    private readonly WorkerDoors? _doors;
    private readonly DirectoryInfo _folder;
    private readonly Socket _listener;
    private readonly TimeProvider _time;

    private WorkerSocket(DirectoryInfo folder, Socket listener, string path, WorkerDoors? doors, TimeProvider time)
    {
        _doors = doors;
        _folder = folder;
        _listener = listener;
        _time = time;
        Path = path;
    }

    public string Path { get; }

    /// <param name="doors">What workers may come for beside their chunks; null: nothing.</param>
    /// <param name="time">Measures deadlines.</param>
    public static WorkerSocket Listen(WorkerDoors? doors, TimeProvider time)
    {
        // The temp folder of the user may be too deep for a socket.
        var folder = Directory.CreateTempSubdirectory(StaleSockets.FolderPrefix);
        if (folder.FullName.Length > MaxFolderLength && !OperatingSystem.IsWindows())
        {
            folder.Delete();
            folder = Directory.CreateDirectory(
                $"/tmp/{StaleSockets.FolderPrefix}{Guid.NewGuid():n}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var path = System.IO.Path.Combine(folder.FullName, StaleSockets.SocketName);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(backlog: 512);
        return new WorkerSocket(folder, listener, path, doors, time);
    }

    /// <summary>Makes the key for a worker that is about to be started.</summary>
    /// <returns>The key, and the link that the worker opens with it.</returns>
    public (string Key, Task<WorkerLink> Link) Expect()
    {
        var key = RandomNumberGenerator.GetHexString(2 * KeyBytes, lowercase: true);
        var link = new TaskCompletionSource<WorkerLink>(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[key] = link;
        _admitted[key] = true;
        return (key, link.Task);
    }

    /// <summary>The worker with this key will not come any more.</summary>
    public void Forget(string key)
    {
        _admitted.TryRemove(key, out _);
        if (_expected.TryRemove(key, out var link))
        {
            link.TrySetCanceled();
        }
    }

    /// <summary>Accepts workers until cancelled.</summary>
    public async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // Out of file descriptors, most likely: those who knock wait until some are free again.
                await Task.Delay(AcceptPause, _time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            // A peer that says nothing must not keep the others waiting. It ends by its deadline, and keeps its failures to itself.
            _ = GreetAsync(new NetworkStream(socket, ownsSocket: true), cancellationToken);
        }
    }

    /// <summary>Done when nobody is brought to shared objects any more, after cancelling <see cref="AcceptAsync"/>.</summary>
    public Task RelaysEnded => Task.WhenAll(_relays.Keys);

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task GreetAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = new FrameReader<FromWorker>(FrameLink.Reader(stream), FromWorker.Parser);
        try
        {
            using var deadline = new CancellationTokenSource(HandshakeTime, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            var frame = await reader.ReadAsync(either.Token).ConfigureAwait(false);

            // A key is good for one connection, and for those to shared objects while its worker lives, so looking it up in a table tells an attacker nothing worth having.
            if (frame?.Header.Ready is { } ready && _expected.TryRemove(ready.Key, out var expected) && expected.TrySetResult(new WorkerLink(stream, reader)))
            {
                return;
            }

            if (frame?.Header.Objects is { } objects && _doors is not null && _admitted.ContainsKey(objects.Key))
            {
                Keep(_doors.Objects.RunAsync(stream, reader, cancellationToken));
                return;
            }

            if (frame?.Header.Broadcast is { } broadcast && _doors is not null && _admitted.ContainsKey(broadcast.Key))
            {
                Keep(_doors.Broadcasts.RunAsync(stream, broadcast.File, cancellationToken));
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or MalformedFrameException or OperationCanceledException or ObjectDisposedException)
        {
            // Not one of ours, or gone before it could speak; the process that was expected is watched elsewhere.
        }

        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private void Keep(Task relaying)
    {
        _relays[relaying] = true;
        _ = relaying.ContinueWith(static (ended, relays) => ((ConcurrentDictionary<Task, bool>)relays!).TryRemove(ended, out _), _relays, TaskScheduler.Default);
    }
}
