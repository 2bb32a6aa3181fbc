using Cluster.Client.Exceptions;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Client.Processes;

/// <summary>What becomes of a process: where it runs, and how it ends.</summary>
internal sealed class ProcessResults : IJobResults
{
    /// <summary>The exit code of what SIGKILL has ended.</summary>
    public const int Killed = -9;

    // As Python says it.
    private const int Unhandled = 1;

    private readonly TaskCompletionSource<(string Node, int Id)> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exitCode = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its node and its id.</summary>
    public Task<(string Node, int Id)> Started => _started.Task;

    /// <summary>How it has ended, if that was seen.</summary>
    public int? Code { get; private set; }

    /// <summary>Its exit code, once nothing more will come.</summary>
    public Task<int> ExitCode => _exitCode.Task;

    /// <summary>The exit code that it gets if it was ended on request.</summary>
    public int Requested { get; set; } = Killed;

    /// <summary>Gets the stack of an unhandled exception.</summary>
    public Action<string> OnUnhandled { get; set; } = static _ => { };

    /// <summary>The connection broke while it ran: opening its job again could start it a second time.</summary>
    public Action OnBroken { get; set; } = static () => { };

    public void Start(long first, long count, string node, int processId) => _started.TrySetResult((node, processId));

    public void Add(ResultEntry entry, in RunFacts facts) => Code = 0;

    public void Fail(ItemFailure failure, in RunFacts facts)
    {
        switch (RemoteErrors.ForItem(failure))
        {
            case WorkerLostException { ExitCode: { } code }:
                Code = code;
                break;
            case WorkerLostException { Signal: { } signal }:
                Code = -signal;
                break;
            case WorkerLostException lost:
                // With its node.
                OnUnhandled(lost.Message);
                Code = Killed;
                break;
            case OperationCanceledException:
                Code = Requested;
                break;
            case var unhandled:
                OnUnhandled(unhandled.ToString());
                Code = Unhandled;
                break;
        }

        // It may have ended before anybody saw it run.
        _started.TrySetResult((failure.Error?.Node ?? "", failure.Error?.WorkerPid ?? 0));
    }

    public ValueTask WaitForReaderAsync(CancellationToken cancellationToken) => default;

    public void Pause()
    {
        if (_started.Task.IsCompletedSuccessfully && Code is null)
        {
            OnBroken();
        }
    }

    public void End(Exception? error)
    {
        if (Code is { } code)
        {
            _exitCode.TrySetResult(code);
        }
        else if (error is null or OperationCanceledException)
        {
            Code = Requested;
            _exitCode.TrySetResult(Requested);
        }
        else
        {
            _exitCode.TrySetException(error);
        }

        _started.TrySetException(error ?? new OperationCanceledException("The process was ended before it began."));

        // Nobody has to look.
        _ = _started.Task.Exception;
        _ = _exitCode.Task.Exception;
    }
}
