using Cluster.Node.Workers.Link;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol.V1;

namespace Cluster.Node.Workers.Dedicated;

/// <summary>A worker that runs one job, which is a process, and ends with it.</summary>
internal sealed class ProcessPool
{
    private readonly WorkerPoolOptions _options;
    private readonly WorkerCommand _command;
    private readonly WorkerDoors? _doors;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ProcessPool(WorkerPoolOptions options, OpenJob open, WorkerCommand command, WorkerDoors? doors, TimeProvider time, ILogger logger)
    {
        (_options, _command, _doors, _time, _logger) = (options, command, doors, time, logger);
        Pool = new WorkerPool(options, time);
        Job = Pool.CreateJob(open);
    }

    public WorkerPool Pool { get; }

    public PoolJob Job { get; }

    /// <summary>Runs it until its job is over.</summary>
    /// <param name="cancellationToken">Ends it before.</param>
    public async Task LiveAsync(CancellationToken cancellationToken)
    {
        using var pool = Pool;
        await using var supervisor = new WorkerSupervisor(Pool, _options, _command, _doors, _time, _logger);
        supervisor.Start();
        await ((Task)Task.WhenAny(Job.Ended, supervisor.Failed)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (supervisor.Failed.Exception?.InnerException is { } failure)
        {
            Job.CodeError = new ErrorInfo { Kind = ErrorKind.Code, Message = failure.Message, Node = _options.Node, Transient = true };
            Pool.JobFailed(Job);
            await Job.Ended.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
