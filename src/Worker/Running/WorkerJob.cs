using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Cluster.Worker.Errors;

namespace Cluster.Worker.Running;

/// <summary>A job that this worker has heard of. Its code is loaded by its first chunk, on that chunk's thread.</summary>
internal sealed class WorkerJob(WorkerOpenJob open, CodeContexts contexts, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private CodeLease? _code;
    private ChunkRunner? _runner;
    private ErrorInfo? _error;
    private bool _closed;

    public string JobId => open.JobId;

    public JobSpec Spec => open.Spec;

    /// <summary>What its items have to keep to; null where that is nothing.</summary>
    public ItemLimits? Limits { get; } = ItemLimits.Of(open.Spec, time);

    /// <summary>What runs the job's chunks.</summary>
    /// <param name="error">Why it cannot be had.</param>
    /// <returns>Null where the job cannot run here.</returns>
    public ChunkRunner? TryGetRunner(out ErrorInfo? error)
    {
        lock (_gate)
        {
            if (_runner is null && _error is null)
            {
                Load_NeedsLock();
            }

            error = _error;
            return _runner;
        }
    }

    /// <summary>The node has closed the job; none of its chunks runs any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _code?.Dispose();
        }
    }

    private void Load_NeedsLock()
    {
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _code = contexts.Acquire(Spec.Function.Code ?? new Protocol.V1.Code(), open.Paths);
            var resolved = new FunctionResolver(_code.Context).Resolve(Spec.Function, Spec.CapturesInItems);
            _runner = resolved.CreateItemFunction(Spec.Arguments).Accept(new ChunkRunnerFactory(Spec, Limits, resolved));
        }
        catch (CodeException exception)
        {
            _error = exception.ToErrorInfo();
        }
        catch (LayoutException exception)
        {
            _error = ErrorConversion.Create(exception.Kind, exception.Message);
        }
        catch (Exception exception)
        {
            // The user's code takes part in loading, by its static constructors and its converters: anything may come out of it.
            _error = ErrorConversion.Convert(ErrorKind.Code, exception);
        }
    }
}
