using Cluster.Coordinator.Errors;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>The jobs that programs are submitting. One whose call broke waits for the next for a while, also over a restart of the coordinator; then its items are removed. Thread-safe.</summary>
internal sealed class Submissions : IDisposable
{
    // More than any client dials for by default.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookForLeft = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Submission> _submissions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _left;
    private readonly JobFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<Submissions> _logger;
    private readonly ITimer _timer;

    public Submissions(JobFiles files, TimeProvider time, ILogger<Submissions> logger)
    {
        (_files, _time, _logger) = (files, time, logger);
        _left = files.ListUnfinished().ToDictionary(static id => id, _ => time.GetUtcNow(), StringComparer.Ordinal);
        _timer = time.CreateTimer(_ => Forget(), null, LookForLeft, LookForLeft);
    }

    /// <summary>How many bytes all of them have on the disk.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _submissions.Values.Sum(static submission => submission.Bytes);
            }
        }
    }

    /// <summary>Begins a submission, or goes on with it.</summary>
    /// <param name="spec">The spec of the job.</param>
    /// <param name="call">Ends the call, which has to leave it.</param>
    /// <exception cref="RpcException">Somebody else is submitting the same request right now.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public Submission Join(JobSpec spec, CancellationTokenSource call)
    {
        var id = Submission.IdOf(spec.Key);
        lock (_gate)
        {
            if (_submissions.TryGetValue(id, out var known))
            {
                known.Join(call);
                return known;
            }

            var requestId = spec.Detach.RequestId;
            if (requestId.Length > 0 && _submissions.Values.FirstOrDefault(other => other.RequestId == requestId) is { } other)
            {
                if (other.LeftAt is null)
                {
                    throw RichStatus.NotNow($"`request_id` '{requestId}' is being submitted by another call. Wait until that has ended, and submit again.");
                }

                // Whoever began it is gone.
                Remove_NeedsLock(other);
            }

            _left.Remove(id);
            var opened = new Submission(id, requestId, _files.OpenItems(id));
            opened.Join(call);
            _submissions[id] = opened;
            return opened;
        }
    }

    /// <summary>A submission is over: its job has been taken, or nobody wants it any more.</summary>
    /// <param name="submission">It.</param>
    /// <param name="keep">Its items are those of a job now.</param>
    public void Close(Submission submission, bool keep)
    {
        lock (_gate)
        {
            if (keep)
            {
                _submissions.Remove(submission.Id);
                submission.Dispose();
            }
            else
            {
                Remove_NeedsLock(submission);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            foreach (var submission in _submissions.Values)
            {
                submission.Dispose();
            }
        }
    }

    private void Forget()
    {
        var before = _time.GetUtcNow() - Patience;
        lock (_gate)
        {
            foreach (var submission in _submissions.Values.Where(submission => submission.LeftAt < before).ToArray())
            {
                Remove_NeedsLock(submission);
            }

            foreach (var id in _left.Where(left => left.Value < before).Select(static left => left.Key).ToArray())
            {
                _left.Remove(id);
                Delete(id);
            }
        }
    }

    private void Remove_NeedsLock(Submission submission)
    {
        if (_submissions.Remove(submission.Id))
        {
            submission.Dispose();
            Delete(submission.Id);
        }
    }

    private void Delete(string id)
    {
        try
        {
            _files.Delete(id);
            DetachedLog.GivenUp(_logger, id);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DetachedLog.NotRemoved(_logger, exception, id);
        }
    }
}
