using System.Collections.Concurrent;
using System.ComponentModel;
using Cluster.Node.Session;
using Cluster.Node.Telemetry;
using Cluster.Node.Workers.Link;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;
using Cluster.Telemetry;

namespace Cluster.Node.Workers;

/// <summary>Keeps the pool's workers alive: starts them, reads what they say, tells the pool when one has ended, and ends them all at the end.</summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    /// <summary>From start to ready; a machine under heavy load takes its time.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    /// <summary>From the end of its link to the end of the process.</summary>
    private static readonly TimeSpan ExitTime = TimeSpan.FromSeconds(2);

    /// <summary>For spans that a worker has not sent when its node is done with it.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(10);

    private readonly WorkerPool _pool;
    private readonly WorkerPoolOptions _options;
    private readonly WorkerCommand _command;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkerSocket _socket;
    private readonly StartBackoff _backoff = new();
    private readonly ConcurrentDictionary<Task, bool> _lives = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public WorkerSupervisor(WorkerPool pool, WorkerPoolOptions options, WorkerCommand command, WorkerDoors? doors, TimeProvider time, ILogger logger)
    {
        _pool = pool;
        _options = options;
        _command = command;
        _time = time;
        _logger = logger;
        _stopped = _stopping.Token;
        _socket = WorkerSocket.Listen(doors, time);
        _accepting = _socket.AcceptAsync(_stopped);
        pool.OnWorkerMissing(StartWorker);
    }

    /// <summary>Fails with a <see cref="PoolFailedException"/> when no worker can be brought up; never ends otherwise.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Starts all workers; they become ready by and by.</summary>
    public void Start()
    {
        for (var i = 0; i < _options.Workers; i++)
        {
            StartWorker();
        }

        // Behind the workers: they are waited for.
        _lives[Task.Run(() => StaleSockets.Sweep(Path.GetTempPath(), _time))] = true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_lives.Keys).ConfigureAwait(false);
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _socket.RelaysEnded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        _stopping.Dispose();
    }

    private void StartWorker()
    {
        if (_stopped.IsCancellationRequested)
        {
            return;
        }

        // Starting a process takes a while, and the pool's lock may be held here.
        var life = Task.Run(LiveAsync, CancellationToken.None);
        _lives[life] = true;
        _ = life.ContinueWith(static (ended, lives) => ((ConcurrentDictionary<Task, bool>)lives!).TryRemove(ended, out _), _lives, TaskScheduler.Default);
    }

    private async Task LiveAsync()
    {
        try
        {
            TimeSpan delay;
            lock (_backoff)
            {
                delay = _backoff.Delay;
            }

            await Task.Delay(delay, _time, _stopped).ConfigureAwait(false);
            await RunWorkerAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // The node ends.
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or UnauthorizedAccessException)
        {
            _failed.TrySetException(new PoolFailedException($"A worker process cannot be started with {_command.FileName}: {exception.Message}", exception));
        }
        catch (Exception exception)
        {
            // A worker that nobody looks after would keep its chunks for ever: better no node than such a node.
            _failed.TrySetException(new PoolFailedException($"A worker was lost track of: {exception.Message}", exception));
        }
    }

    private async Task RunWorkerAsync()
    {
        var (key, link) = _socket.Expect();
        PoolWorker? worker = null;
        using var process = WorkerProcess.Start(
            _command, _options.Node, _options.Threads, _socket.Path, key, _time, (line, isError) => OnLineAsync(worker, line, isError));
        NodeMetrics.WorkersStarted.Add(1);
        worker = new PoolWorker(_options, process);
        _pool.AddWorker(worker);
        var exited = process.WaitForExitAsync(CancellationToken.None);
        try
        {
            var wasReady = await ReadToEndAsync(worker, link, exited).ConfigureAwait(false);
            _socket.Forget(key);
            _pool.WorkerEnding(worker);
            await SayFarewellAsync(worker, exited).ConfigureAwait(false);
            await EndAsync(process, exited).ConfigureAwait(false);
            worker.Status = await exited.ConfigureAwait(false);
            if (!_stopped.IsCancellationRequested)
            {
                Explain(worker, wasReady);
                _pool.WorkerLost(worker);
            }
        }
        finally
        {
            _socket.Forget(key);
            await SayFarewellAsync(worker, exited).ConfigureAwait(false);
            process.Kill();
            worker.Link?.Dispose();
            await ((Task)exited).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StrayProcesses.EndAsync(_time).ConfigureAwait(false);
        }
    }

    /// <summary>Serves a worker for as long as it speaks.</summary>
    /// <returns>Whether it ever became ready.</returns>
    private async Task<bool> ReadToEndAsync(PoolWorker worker, Task<WorkerLink> connecting, Task exited)
    {
        using var timeout = new CancellationTokenSource(StartTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopped, timeout.Token);
        await ((Task)Task.WhenAny(connecting, exited)).WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connecting.IsCompletedSuccessfully)
        {
            worker.EndedBecause = exited.IsCompleted || _stopped.IsCancellationRequested ? null : $"it was not ready after {StartTime.TotalSeconds:0} s.";
            return false;
        }

        var link = await connecting.ConfigureAwait(false);
        worker.Link = link;
        lock (_backoff)
        {
            _backoff.Ready();
        }

        NodeLog.WorkerReady(_logger, worker.Process.Id);
        _pool.WorkerReady(worker);
        try
        {
            Outbox? filled = null;
            while (await ReadAsync(worker, link, filled).ConfigureAwait(false) is { } frame)
            {
                var outbox = _pool.Handle(worker, frame);
                if (filled is not null && outbox != filled)
                {
                    filled.Flush();
                }

                filled = outbox;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // A killed process may break its link rather than close it, also within a frame. How it ended is seen below.
        }
        catch (MalformedFrameException exception)
        {
            worker.EndCause = WorkerEnd.Protocol;
            worker.EndedBecause = $"it broke the protocol: {exception.Message}";
        }

        return true;
    }

    /// <summary>The next frame. Before the wait for it, what the frames before it had to say goes out; while that finds no room, nothing is read.</summary>
    private async ValueTask<Frame<FromWorker>?> ReadAsync(PoolWorker worker, WorkerLink link, Outbox? filled)
    {
        var next = link.ReadAsync(_stopped);
        if (filled is null)
        {
            return await next.ConfigureAwait(false);
        }

        var room = filled.WaitForRoomAsync(_stopped);
        if (!next.IsCompleted || !room.IsCompleted)
        {
            filled.Flush();
        }

        if (!room.IsCompletedSuccessfully)
        {
            _pool.WorkerRead(worker, isRead: false);
            await room.ConfigureAwait(false);
            _pool.WorkerRead(worker, isRead: true);
        }

        return await next.ConfigureAwait(false);
    }

    /// <summary>Lets a worker send the spans that it has. It ends by itself then, as it does without its link.</summary>
    private async Task SayFarewellAsync(PoolWorker worker, Task exited)
    {
        if (TelemetryExport.IsOtlpWanted && worker.Link is { } link)
        {
            link.Dispose();
            await exited.WaitAsync(FarewellTime, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task EndAsync(WorkerProcess process, Task exited)
    {
        var waiting = exited.WaitAsync(ExitTime, _time, _stopped);
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!exited.IsCompleted)
        {
            process.Kill();
        }
    }

    /// <summary>What native code prints waits for room like everything else.</summary>
    private Task OnLineAsync(PoolWorker? worker, string line, bool isError) =>
        worker is not null && _pool.HandleLine(worker, line, isError) is { } filled ? filled.WaitForRoomAsync(_stopped) : Task.CompletedTask;

    private void Explain(PoolWorker worker, bool wasReady)
    {
        NodeMetrics.WorkerEnded(!wasReady ? WorkerEnd.Start : worker.EndCause ?? (worker.Status.Signal is null ? WorkerEnd.Exit : WorkerEnd.Signal));
        if (wasReady)
        {
            NodeLog.WorkerEnded(_logger, worker.Process.Id, worker.EndedBecause ?? worker.Status.ToString());
            return;
        }

        int failures;
        bool hopeless;
        lock (_backoff)
        {
            _backoff.DiedAtStart();
            failures = _backoff.Failures;
            hopeless = _backoff.IsHopeless;
        }

        var reason = worker.EndedBecause ?? worker.Status.ToString();
        var tail = worker.Process.StderrTail;
        if (failures >= StartBackoff.ExplainAfter)
        {
            NodeLog.WorkersDieAtStart(_logger, failures, reason, tail);
        }
        else
        {
            NodeLog.WorkerDiedAtStart(_logger, worker.Process.Id, reason, tail);
        }

        if (hopeless)
        {
            _failed.TrySetException(new PoolFailedException(
                $"{failures} workers in a row ended before they were ready; the last one {reason}. Try '{_command.FileName} {string.Join(' ', _command.Arguments)}' by hand. "
                + $"Its stderr was:\n{tail}"));
        }
    }
}
