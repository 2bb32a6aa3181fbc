using Cluster.Coordinator.Hosting;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scheduling;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Coordinator.Dispatch;

/// <summary>The scheduler's one writer: brings it the events of all streams and timers one after another, and has its commands carried out.</summary>
internal sealed class SchedulerLoop : IAsyncDisposable
{
    private readonly Scheduler _scheduler;
    private readonly SerialExecutor _executor;
    private readonly CommandRunner _runner;
    private readonly ResultDelivery _delivery;
    private readonly ProgressReporter _progress;
    private readonly LeaseWatch _leases;
    private readonly HeldWork _held;
    private readonly CoordinatorMetrics _metrics;
    private readonly JobRegistry _jobs;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger<SchedulerLoop> _logger;
    private readonly ITimer _timer;
    private readonly TimeSpan _period;

    public SchedulerLoop(
        JobRegistry jobs,
        NodeRegistry nodes,
        CoordinatorOptions options,
        TimeProvider time,
        CoordinatorMetrics metrics,
        IHostApplicationLifetime lifetime,
        ILogger<SchedulerLoop> logger)
    {
        _jobs = jobs;
        _lifetime = lifetime;
        _metrics = metrics;
        _logger = logger;
        _scheduler = new Scheduler(time);
        _executor = new SerialExecutor(exception =>
        {
            // Decisions on a state that may be half changed could answer items twice, or never.
            DispatchLog.LoopFailed(logger, exception);
            lifetime.StopApplication();
        });
        _runner = new CommandRunner(jobs, nodes, options, metrics, logger, _executor.Defer);
        _delivery = new ResultDelivery(_scheduler, _runner, metrics);
        _progress = new ProgressReporter(_scheduler, jobs, _runner, logger);
        _leases = new LeaseWatch(_scheduler, nodes, logger);
        _held = new HeldWork(_scheduler, jobs, nodes);
        _period = TimeSpan.FromTicks(Math.Min(options.ProgressPeriod.Ticks, options.Lease.Ticks / 10));
        metrics.Observe(
            () => jobs.Count, () => nodes.Count, () => nodes.All.Sum(node => (int)node.Hello.Slots), () => _scheduler.ChunksOut, () => jobs.All.Sum(job => job.Outbox.Bytes), () => _executor.Waiting);
        _timer = time.CreateTimer(_ => Post(null, Tick), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts the timer.</summary>
    public void Start() => _timer.Change(_period, _period);

    /// <summary>A job was accepted.</summary>
    public void Open(JobSession job) => Post(null, () =>
    {
        _jobs.Add(job);
        _scheduler.JobOpened(job.Id, job.Terms);
        _held.Opened(job);
    });

    /// <summary>Items have come into a job's input store.</summary>
    public void InputsAdded(JobSession job, ItemRange items, long bytes) => Post(null, () =>
    {
        job.Received += items.Count;
        _scheduler.InputsAdded(job.Id, items, bytes);
    });

    /// <summary>The client has the answers of the next items from an earlier run of the job.</summary>
    public void InputsSkipped(JobSession job, ItemRange items) => Post(null, () =>
    {
        job.Received += items.Count;
        job.Completed += items.Count;
        _scheduler.InputsSkipped(job.Id, items);
    });

    /// <summary>No more items come.</summary>
    public void InputsEnded(JobSession job) => Post(null, () =>
    {
        job.HasAllInputs = true;
        _scheduler.InputsEnded(job.Id);
    });

    /// <summary>The client withdraws items.</summary>
    public void CancelItems(JobSession job, ItemRange items, bool force) => Post(null, () => _scheduler.ItemsCancelled(job.Id, items, force));

    /// <summary>The job ends before its time.</summary>
    /// <param name="job">The job.</param>
    /// <param name="error">What to tell the client; null: that it was cancelled.</param>
    public void CancelJob(JobSession job, ErrorInfo? error = null) => Post(null, () =>
    {
        job.Error ??= error;
        _scheduler.JobCancelled(job.Id);
    });

    /// <summary>The call of a job is over before the job is. When the coordinator stops, nodes keep what they have of it, for the next coordinator.</summary>
    public void Abandon(JobSession job)
    {
        if (!_lifetime.ApplicationStopping.IsCancellationRequested)
        {
            CancelJob(job);
        }
    }

    /// <summary>The job's outbox has filled up, or emptied.</summary>
    public void OutputChanged(JobSession job) => Post(null, () =>
    {
        if (job.Outbox.IsBlocked)
        {
            _scheduler.OutputBlocked(job.Id);
        }
        else
        {
            _scheduler.OutputUnblocked(job.Id);
        }
    });

    /// <summary>A node takes work from now on.</summary>
    public void Attach(NodeSession node) => Post(null, () => NodeEvents.Attached(_scheduler, node, _held.Of(node)));

    /// <summary>The connection to a node broke: it keeps its work, and gets no more.</summary>
    public void Disconnect(NodeSession node) => Post(null, () =>
    {
        // It may have come back before its old connection was seen to have ended.
        if (!node.IsConnected)
        {
            NodeEvents.Tell(node, _scheduler.NodeDisconnected);
        }
    });

    /// <summary>A node has come back.</summary>
    public void Trust(NodeSession node) => Post(null, () =>
    {
        if (node.IsConnected)
        {
            NodeEvents.Tell(node, _scheduler.NodeTrusted);
        }
    });

    /// <summary>A node says that it will leave.</summary>
    public void Drain(NodeSession node) => Post(null, () => NodeEvents.Tell(node, _scheduler.NodeDraining));

    /// <summary>A node is to leave.</summary>
    public void Drain(NodeSession node, Duration? grace) => Post(null, () =>
    {
        NodeEvents.Tell(node, _scheduler.NodeDraining);
        if (node.Drain(grace))
        {
            _executor.Defer(node.Writer);
        }
    });

    /// <summary>A node has said goodbye.</summary>
    public void Leave(NodeSession node) => Post(null, () => NodeEvents.Tell(node, _scheduler.NodeLeft));

    /// <summary>A node is gone.</summary>
    public void Lose(NodeSession node) => Post(new ErrorInfo { Node = node.Name }, () => NodeEvents.Tell(node, _scheduler.NodeLost));

    /// <summary>A worker has begun a chunk.</summary>
    public void Started(NodeSession node, HeldChunk chunk, int workerPid) => Post(null, () =>
    {
        if (chunk.Job.Terms.IsProcess)
        {
            (chunk.Job.ProcessId, chunk.Job.ProcessNode) = (workerPid, node.Name);
        }

        _scheduler.ChunkStarted(chunk.Id);
    });

    /// <summary>A node has answered items.</summary>
    public void Answered(NodeSession node, HeldChunk chunk, ChunkAnswer answer) => Post(null, () => _delivery.Deliver(node, chunk, answer));

    /// <summary>A node had to end a worker because an item's time was up; the end of its chunk is told next.</summary>
    public void TimedOut(HeldChunk chunk, ulong index, uint tries, ErrorInfo error) => Post(error, () => _scheduler.ItemTimedOut(chunk.Id, index, tries));

    /// <summary>A node is done with a chunk.</summary>
    public void Ended(NodeSession node, HeldChunk chunk, ChunkOutcome outcome, TimeSpan elapsed, ErrorInfo? error) => Post(error, () =>
    {
        if (outcome is ChunkOutcome.CodeFailed or ChunkOutcome.CodeUnavailable && !chunk.Job.HasEnded)
        {
            DispatchLog.CodeFailed(_logger, node.Name, chunk.Job.PublicId, error?.Message);
            chunk.Job.CodeError = error;
        }

        _metrics.Ended(elapsed, outcome);
        _scheduler.ChunkEnded(chunk.Id, outcome, elapsed);
    });

    /// <summary>What the scheduler knows of nodes, all at the same moment.</summary>
    public Task<NodeSnapshot?[]> DescribeAsync(IReadOnlyList<NodeSession> nodes)
    {
        var described = new TaskCompletionSource<NodeSnapshot?[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(null, () => described.SetResult([.. nodes.Select(node => _scheduler.GetNode(node.Id))]));
        return described.Task;
    }

    /// <summary>How far jobs are, all at the same moment.</summary>
    public Task<JobInfo[]> DescribeJobsAsync(IReadOnlyList<JobSession> jobs)
    {
        var described = new TaskCompletionSource<JobInfo[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(null, () => described.SetResult([.. jobs.Select(job => StreamInfo.Of(job, _scheduler.GetJob(job.Id)))]));
        return described.Task;
    }

    /// <summary>What there is to do, and who is there to do it.</summary>
    public Task<ClusterLoad> DescribeLoadAsync()
    {
        var described = new TaskCompletionSource<ClusterLoad>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(null, () => described.SetResult(_scheduler.GetLoad()));
        return described.Task;
    }

    /// <summary>Stops the timer.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Post(ErrorInfo? loss, Action apply) => _executor.Post(() =>
    {
        try
        {
            apply();
            RunCommands(loss);
        }
        finally
        {
            // What a failed event leaves behind must not be carried out again by the next one.
            _scheduler.Commands.Clear();
        }
    });

    private void RunCommands(ErrorInfo? loss)
    {
        foreach (ref readonly var command in _scheduler.Commands.AsSpan())
        {
            if (command.Kind == CommandKind.JobWaiting)
            {
                _progress.ReportWaiting(command.Job);
            }
            else
            {
                _runner.Run(command, loss);
            }
        }
    }

    private void Tick()
    {
        _leases.Check();
        _scheduler.Tick();
        _progress.Report();
    }
}
