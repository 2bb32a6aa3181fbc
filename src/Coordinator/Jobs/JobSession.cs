using System.Collections.Frozen;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// One job, from its acceptance until no node holds anything of it: its inputs, what waits for its client, and what is known about its end. Its
/// counters and its errors belong to the scheduler's loop.
/// </summary>
internal sealed class JobSession(JobId id, JobSpec spec, ulong owner, InputStore inputs, JobOutbox outbox) : IListedJob
{
    private readonly TaskCompletionSource<Status> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasEnded;

    /// <summary>Its number.</summary>
    public JobId Id { get; } = id;

    /// <summary>What clients and logs call it.</summary>
    public string PublicId { get; } = $"job-{id.Value}";

    /// <summary>What people call it.</summary>
    public string Name { get; } = NameOf(spec);

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset SubmittedAt { get; init; }

    /// <summary>The submitted job that it is a run of; empty: it belongs to a call.</summary>
    public string Submission { get; init; } = "";

    /// <inheritdoc/>
    public JobKind Kind => Submission.Length > 0 ? JobKind.Submitted : Spec.Process ? JobKind.Process : JobKind.Stream;

    /// <inheritdoc/>
    public JobStatus State => JobStatus.Running;

    string IListedJob.Id => PublicId;

    IReadOnlyDictionary<string, string> IListedJob.Labels => FrozenDictionary<string, string>.Empty;

    /// <summary>What the client wants.</summary>
    public JobSpec Spec { get; } = spec;

    /// <summary>How it is scheduled.</summary>
    public JobTerms Terms { get; } = JobTermsReader.Read(spec, NameOf(spec), owner);

    /// <summary>Inputs without an answer.</summary>
    public InputStore Inputs { get; } = inputs;

    /// <summary>What waits for the client.</summary>
    public JobOutbox Outbox { get; } = outbox;

    /// <summary>Done, with the reason, when the call has to end without the job's end.</summary>
    public Task<Status> Aborted => _aborted.Task;

    /// <summary>Done when it has ended.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Of a job that is a process: its id, once it is known. Written and read by the scheduler's loop.</summary>
    public int ProcessId { get; set; }

    /// <summary>Of a job that is a process: the node that runs it, once it does; otherwise empty. Written and read by the scheduler's loop.</summary>
    public string ProcessNode { get; set; } = "";

    /// <summary>No more inputs come. Written and read by the scheduler's loop.</summary>
    public bool HasAllInputs { get; set; }

    /// <summary>The job is over: what the client still sends is of no interest.</summary>
    public bool HasEnded
    {
        get => _hasEnded;
        set
        {
            _hasEnded = value;
            _ended.TrySetResult();
        }
    }

    /// <summary>Why the job ends early, where that is known better than by the scheduler.</summary>
    public ErrorInfo? Error { get; set; }

    /// <summary>What the last node said that could not load the code.</summary>
    public ErrorInfo? CodeError { get; set; }

    /// <summary>Items that came, or were skipped.</summary>
    public ulong Received { get; set; }

    /// <summary>Items that succeeded, or were skipped.</summary>
    public ulong Completed { get; set; }

    /// <summary>Items that failed or were cancelled.</summary>
    public ulong Failed { get; set; }

    /// <summary>What the client was told last.</summary>
    public Progress? LastProgress { get; set; }

    /// <summary>Ends the call with a status; the first reason counts.</summary>
    public void Abort(StatusCode code, string reason) => _aborted.TrySetResult(new Status(code, reason));

    private static string NameOf(JobSpec spec) => spec.Name.Length > 0 ? spec.Name : $"{spec.Function.Type}.{spec.Function.Method}";
}
