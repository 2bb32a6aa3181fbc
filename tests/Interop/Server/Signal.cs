namespace Cluster.Interop.Server;

/// <summary>Something that a test waits for, at most ten seconds.</summary>
internal sealed class Signal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsSet => _set.Task.IsCompleted;

    public void Set() => _set.TrySetResult();

    public Task WaitAsync() => _set.Task.WaitAsync(Patience, TimeProvider.System);
}
