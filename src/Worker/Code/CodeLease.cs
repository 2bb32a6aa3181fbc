namespace Cluster.Worker.Code;

/// <summary>A job's hold on its code. Dispose it when the job is closed and none of its items runs any more.</summary>
internal sealed class CodeLease(CodeContext context, Action release) : IDisposable
{
    private Action? _release = release;

    public CodeContext Context { get; } = context;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
