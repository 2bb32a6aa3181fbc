using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Detached;

/// <summary>A submitted job, as far as it is kept in memory: how far it is, and where in its file the answers are. Thread-safe.</summary>
/// <param name="record">As it was submitted; its items are not kept.</param>
internal sealed class DetachedJob(DetachedJobRecord record) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name = record.Request.Name.Length > 0 ? record.Request.Name : record.Request.Function;
    private readonly string _function = record.Request.Function;
    private TaskCompletionSource _changed = NewSignal();
    private AnswerTable? _answers;
    private DetachedEnd? _end;
    private Progress _progress = new();
    private ulong _completed;
    private ulong _failed;
    private bool _running;
    private long _bytes;

    /// <summary>What callers call it.</summary>
    public string Id { get; } = record.JobId;

    /// <summary>What the caller called the submission; may be empty.</summary>
    public string RequestId { get; } = record.Request.RequestId;

    /// <summary>How many items it has.</summary>
    public int Items { get; } = record.Request.Items.Count;

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset SubmittedAt { get; } = record.SubmittedAt.ToDateTimeOffset();

    /// <summary>Whether it has begun, and not ended.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _running && _end is null;
            }
        }
    }

    /// <summary>Somebody wants it to end.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Done when it has ended.</summary>
    public Task Finished => _finished.Task;

    /// <summary>How many bytes it has on the disk. Kept by <see cref="DetachedRoom"/>.</summary>
    public long Bytes
    {
        get => Volatile.Read(ref _bytes);
        set => Volatile.Write(ref _bytes, value);
    }

    /// <summary>Done at the next change. Take it before looking.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>How it ended; null: it has not.</summary>
    public DetachedEnd? End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Where its answers are, while it runs; otherwise null.</summary>
    public AnswerTable? Answers
    {
        get
        {
            lock (_gate)
            {
                return _answers;
            }
        }
    }

    /// <summary>How far it is.</summary>
    public JobInfo Describe()
    {
        lock (_gate)
        {
            return new JobInfo
            {
                JobId = Id,
                State = _end?.State ?? (_running ? JobStatus.Running : JobStatus.Queued),
                Name = _name,
                Function = _function,
                Items = (ulong)Items,
                Completed = _completed,
                Failed = _failed,
                Running = _end is null ? _progress.Running : 0,
                SubmittedAt = SubmittedAt.ToTimestamp(),
                FinishedAt = _end?.At,
                Error = _end?.Error,
                WaitingFor = _end is null ? _progress.WaitingFor : "",
                RequestId = RequestId,
            };
        }
    }

    /// <summary>Has it end.</summary>
    public void Cancel() => _cancel.Cancel();

    /// <summary>It begins to run: its file is read from the beginning.</summary>
    public AnswerTable Start() => Change(() =>
    {
        (_running, _completed, _failed) = (true, 0, 0);
        return _answers = new AnswerTable(Items);
    });

    /// <summary>What its file has.</summary>
    /// <param name="entry">An entry.</param>
    /// <param name="offset">Where it is.</param>
    public void Apply(DetachedJobEntry entry, long offset) => Change(() =>
    {
        foreach (var result in entry.Results?.Results ?? [])
        {
            _completed += result.Error is null ? 1UL : 0;
            _failed += result.Error is null ? 0UL : 1;
            _answers?.Set(result.Index, offset);
        }

        return true;
    });

    /// <summary>The scheduler's view of it.</summary>
    public void Apply(Progress progress) => Change(() => _progress = progress);

    /// <summary>It has ended.</summary>
    public void Finish(DetachedEnd end)
    {
        Change(() =>
        {
            _answers = null;
            return _end = end;
        });
        _finished.TrySetResult();
    }

    public void Dispose() => _cancel.Dispose();

    private T Change<T>(Func<T> change)
    {
        TaskCompletionSource changed;
        T result;
        lock (_gate)
        {
            result = change();
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
        return result;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
