using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.Detached;

/// <summary>The submitted jobs: those that run, those that wait their turn, and those that have ended and are kept for a while.</summary>
internal sealed class DetachedJobs : IAsyncDisposable
{
    private const int IdBytes = 6;
    private const int KeyBytes = 16;
    private static readonly TimeSpan LookForExpired = TimeSpan.FromMinutes(1);

    private readonly JobFiles _files;
    private readonly DetachedRun _run;
    private readonly DetachedRoom _room;
    private readonly CoordinatorOptions _options;
    private readonly Retention _retention;
    private readonly TimeProvider _time;
    private readonly ILogger<DetachedJobs> _logger;
    private readonly ConcurrentDictionary<string, DetachedJob> _jobs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _submission = new(1, 1);
    private readonly Lock _gate = new();
    private readonly LinkedList<DetachedJob> _queue = [];
    private readonly HashSet<Task> _running = [];
    private readonly ITimer _timer;
    private bool _started;

    public DetachedJobs(JobFiles files, DetachedRun run, DetachedRoom room, CoordinatorOptions options, CoordinatorMetrics metrics, TimeProvider time, ILogger<DetachedJobs> logger)
    {
        (_files, _run, _room, _options, _time, _logger) = (files, run, room, options, time, logger);
        _retention = new Retention(options.KeepJobsFor, options.KeepJobsBytes);
        _timer = time.CreateTimer(_ => Forget(0), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        room.MakeRoom = Forget;
        metrics.ObserveDetached(() => _jobs.Values.Count(static job => job.End is null && !job.IsRunning), () => _jobs.Values.Count(static job => job.IsRunning), () => room.Used);
        Recover();
    }

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<DetachedJob> All => _jobs.Values;

    /// <summary>Begins to run what waits.</summary>
    public void Start()
    {
        lock (_gate)
        {
            _started = true;
        }

        Pump();
        _timer.Change(TimeSpan.Zero, LookForExpired);
    }

    /// <summary>Finds a job.</summary>
    public bool TryFind(string id, [NotNullWhen(true)] out DetachedJob? job) => _jobs.TryGetValue(id, out job);

    /// <summary>Takes a job. It is on the disk when this has returned.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="function">What runs.</param>
    /// <param name="lambda">Its assembly, where the request came with a text; otherwise empty.</param>
    /// <param name="peer">Who wants it, for the log.</param>
    /// <param name="traceparent">The span that it belongs to; empty: none.</param>
    /// <param name="cancellationToken">Gives it up before it is written.</param>
    /// <returns>The job, and whether it was there already.</returns>
    /// <exception cref="RpcException">There is no room, or another job has the request's id.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task<(DetachedJob Job, bool Known)> SubmitAsync(
        MapRequest request, NamedFunction function, ByteString lambda, string peer, string traceparent, CancellationToken cancellationToken)
    {
        await _submission.WaitAsync(cancellationToken);
        try
        {
            if (FindRequest(request.RequestId) is { } known)
            {
                return (await Task.Run(() => _files.Read(known.Id), cancellationToken)).Request.Equals(request) ? (known, true) : throw RichStatus.Existing(
                    "job", known.Id, $"`request_id` '{request.RequestId}' is that of job {known.Id}, which was another request. Give every job an id of its own.");
            }

            if (!HasRoom(request.CalculateSize() + lambda.Length))
            {
                throw RichStatus.TooMuch("--keep-jobs-mib", $"The jobs that have not ended take the {_options.KeepJobsBytes} bytes that detached jobs may have on the disk (--keep-jobs-mib). Wait for some, or cancel them.");
            }

            return (await KeepAsync(new DetachedJobRecord
            {
                JobId = $"d{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes))}",
                Request = request,
                Function = function.Reference,
                Description = function.Description,
                Lambda = lambda,
                Key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(KeyBytes)),
                Traceparent = traceparent,
            }, 0, peer), false);
        }
        finally
        {
            _submission.Release();
        }
    }

    /// <summary>Takes a job whose items are on the disk already. So is the rest when this has returned.</summary>
    /// <param name="record">The job.</param>
    /// <param name="itemBytes">How many bytes its items have.</param>
    /// <param name="peer">Who wants it, for the log.</param>
    /// <returns>The job; the same one where it was taken before.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task<DetachedJob> TakeAsync(DetachedJobRecord record, long itemBytes, string peer)
    {
        await _submission.WaitAsync();
        try
        {
            return TryFind(record.JobId, out var there) ? there : await KeepAsync(record, itemBytes, peer);
        }
        finally
        {
            _submission.Release();
        }
    }

    /// <summary>The job that was submitted under a request's id.</summary>
    public DetachedJob? FindRequest(string requestId) => requestId.Length == 0 ? null : _jobs.Values.FirstOrDefault(job => job.RequestId == requestId);

    /// <summary>Whether there is room on the disk for so many bytes more.</summary>
    public bool HasRoom(long bytes) => _retention.HasRoom([.. _jobs.Values], bytes);

    /// <summary>Has a job end, and waits until it has.</summary>
    public Task CancelAsync(DetachedJob job, CancellationToken cancellationToken)
    {
        job.Cancel();
        bool waited;
        lock (_gate)
        {
            waited = _queue.Remove(job);
        }

        if (waited)
        {
            // Its end has to be written down; that takes no slot.
            Run(job);
        }

        return job.Finished.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            _started = false;
            running = [.. _running];
        }

        await _timer.DisposeAsync();
        await Task.WhenAll(running);
        foreach (var job in _jobs.Values)
        {
            job.Dispose();
        }

        _submission.Dispose();
        _files.Dispose();
    }

    private async Task<DetachedJob> KeepAsync(DetachedJobRecord record, long itemBytes, string peer)
    {
        record.SubmittedAt = _time.GetUtcNow().ToTimestamp();
        var bytes = await Task.Run(() => _files.Create(record), CancellationToken.None);
        var job = new DetachedJob(record);
        _room.Add(job, bytes + itemBytes);
        DetachedLog.Submitted(_logger, job.Id, record.Request.Function, job.Items, peer);
        _jobs[job.Id] = job;
        Enqueue(job);
        Pump();
        return job;
    }

    private void Recover()
    {
        List<DetachedJob> unfinished = [];
        foreach (var record in _files.List().Select(_files.Read).OrderBy(static record => record.SubmittedAt.ToDateTimeOffset()))
        {
            var job = new DetachedJob(record);
            using var log = _files.OpenResults(job.Id);
            DetachedEnd? end = null;
            log.ReadAll((entry, offset) =>
            {
                job.Apply(entry, offset);
                end = entry.End ?? end;
            });
            _room.Add(job, record.CalculateSize() + _files.ItemBytes(record) + log.Bytes);
            _jobs[job.Id] = job;
            if (end is null)
            {
                Enqueue(job);
                unfinished.Add(job);
            }
            else
            {
                job.Finish(end);
            }
        }

        if (!_jobs.IsEmpty)
        {
            DetachedLog.Recovered(_logger, _jobs.Count, unfinished.Count);
        }
    }

    private void Enqueue(DetachedJob job)
    {
        lock (_gate)
        {
            _queue.AddLast(job);
        }
    }

    private void Pump()
    {
        while (Next() is { } job)
        {
            Run(job);
        }

        lock (_gate)
        {
            foreach (var job in _queue)
            {
                job.WaitForOthers();
            }
        }
    }

    private DetachedJob? Next()
    {
        lock (_gate)
        {
            if (!_started || _running.Count >= _options.MaxRunningDetachedJobs || _queue.First is not { } first)
            {
                return null;
            }

            _queue.RemoveFirst();
            return first.Value;
        }
    }

    private void Run(DetachedJob job)
    {
        var run = new Task<Task>(() => _run.RunAsync(job));
        var ended = run.Unwrap();
        lock (_gate)
        {
            _running.Add(ended);
        }

        _ = ended.ContinueWith(
            _ =>
            {
                lock (_gate)
                {
                    _running.Remove(ended);
                }

                Pump();
                Forget(0);
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        run.Start(TaskScheduler.Default);
    }

    /// <param name="wanted">For how many bytes more there has to be room.</param>
    private void Forget(long wanted)
    {
        lock (_gate)
        {
            if (!_started)
            {
                return;
            }
        }

        foreach (var job in _retention.Expired([.. _jobs.Values], _time.GetUtcNow(), wanted))
        {
            if (!_jobs.TryRemove(job.Id, out _))
            {
                continue;
            }

            try
            {
                _room.Remove(job);
                _files.Delete(job.Id);
                DetachedLog.Forgotten(_logger, job.Id);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                DetachedLog.NotRemoved(_logger, exception, job.Id);
            }
        }
    }
}
