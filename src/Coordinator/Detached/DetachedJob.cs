using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Detached;

/// <summary>A submitted job, as far as it is kept in memory: how far it is, and where in its file the answers are. Thread-safe.</summary>
/// <param name="record">As it was submitted; its items are not kept.</param>
internal sealed class DetachedJob(DetachedJobRecord record) : IListedJob, IDisposable
{
    private const string WaitsItsTurn = "submitted jobs before it run first, as many as may run at once (--max-running-jobs of the coordinator)";

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _function = FunctionOf(record.Request);
    private AnswerScan _scan = new();
    private TaskCompletionSource _changed = NewSignal();
    private AnswerTable? _answers;
    private DetachedEnd? _end;
    private Progress _progress = new();
    private ulong _completed;
    private ulong _failed;
    private bool _running;
    private bool _waitsItsTurn;
    private long _bytes;

    /// <summary>What callers call it.</summary>
    public string Id { get; } = record.JobId;

    /// <inheritdoc/>
    public string Name { get; } = record.Request.Name.Length > 0 ? record.Request.Name : FunctionOf(record.Request);

    /// <inheritdoc/>
    public JobKind Kind => JobKind.Submitted;

    /// <summary>What the caller called the submission; may be empty.</summary>
    public string RequestId { get; } = record.Request.RequestId;

    /// <summary>How many items it has.</summary>
    public int Items { get; } = record.Spec is null ? record.Request.Items.Count : (int)record.Items;

    /// <summary>Type of its results as C# writes it; empty where nobody said.</summary>
    public string ResultType { get; } = record.Spec?.Detach.ResultType ?? record.Description?.Result ?? "";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Labels { get; } = (record.Spec?.Detach.Labels ?? record.Request.Labels).ToDictionary();

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

    /// <inheritdoc/>
    public JobStatus State
    {
        get
        {
            lock (_gate)
            {
                return State_NeedsLock;
            }
        }
    }

    private JobStatus State_NeedsLock => _end?.State ?? (_running ? JobStatus.Running : JobStatus.Queued);

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
                Kind = Kind,
                State = State_NeedsLock,
                Name = Name,
                Function = _function,
                Items = (ulong)Items,
                ExpectedItems = (ulong)Items,
                Completed = _completed,
                Failed = _failed,
                Running = _end is null ? _progress.Running : 0,
                SubmittedAt = SubmittedAt.ToTimestamp(),
                FinishedAt = _end?.At,
                Error = _end?.Error,
                WaitingFor = _end is not null ? "" : _waitsItsTurn ? WaitsItsTurn : _progress.WaitingFor,
                RequestId = RequestId,
                ResultType = ResultType,
                Labels = { Labels.ToDictionary() },
            };
        }
    }

    /// <summary>Has it end.</summary>
    public void Cancel() => _cancel.Cancel();

    /// <summary>It has to wait for others.</summary>
    public void WaitForOthers() => Change(() => _waitsItsTurn = true);

    /// <summary>It begins to run: its file is read from the beginning.</summary>
    public AnswerTable Start() => Change(() =>
    {
        (_running, _waitsItsTurn, _completed, _failed, _scan) = (true, false, 0, 0, new AnswerScan());
        return _answers = new AnswerTable(Items);
    });

    /// <summary>What its file has.</summary>
    /// <param name="entry">An entry.</param>
    /// <param name="offset">Where it is.</param>
    public void Apply(DetachedJobEntry entry, long offset) => Change(() =>
    {
        foreach (var (items, place, failed) in _scan.Take(entry, offset))
        {
            _completed += failed ? 0 : items.Count;
            _failed += failed ? items.Count : 0;
            _answers?.Set(items, place);
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

    private static string FunctionOf(MapRequest request) => request.Csharp.Length > 0 ? LambdaName.Show(request.Csharp) : request.Function;

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
