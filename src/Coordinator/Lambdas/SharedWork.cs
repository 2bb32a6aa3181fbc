namespace Cluster.Coordinator.Lambdas;

/// <summary>Work that several callers want at the same time is done once. It goes on for as long as one of them waits for it. Thread-safe.</summary>
internal sealed class SharedWork<T>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Running> _running = new(StringComparer.Ordinal);

    /// <summary>Does the work, or waits for what does it already.</summary>
    /// <param name="key">What work it is.</param>
    /// <param name="work">Does it; its token is cancelled when nobody waits any more.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    public async Task<T> RunAsync(string key, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Running running;
        lock (_gate)
        {
            if (!_running.TryGetValue(key, out running!))
            {
                running = new Running();
                _running.Add(key, running);
                var ending = running.Ending.Token;
                var begun = running;
                running.Work = Task.Run(() => DoAsync(key, begun, work, ending), CancellationToken.None);
            }

            running.Waiting++;
        }

        try
        {
            return await running.Work!.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(key, running);
        }
    }

    private async Task<T> DoAsync(string key, Running running, Func<CancellationToken, Task<T>> work, CancellationToken ending)
    {
        try
        {
            return await work(ending);
        }
        finally
        {
            lock (_gate)
            {
                Remove_NeedsLock(key, running);
            }
        }
    }

    private void Leave(string key, Running running)
    {
        lock (_gate)
        {
            if (--running.Waiting > 0)
            {
                return;
            }

            // Whoever comes now begins anew.
            Remove_NeedsLock(key, running);
        }

        running.Ending.Cancel();
        running.Ending.Dispose();
    }

    private void Remove_NeedsLock(string key, Running running)
    {
        if (_running.GetValueOrDefault(key) == running)
        {
            _running.Remove(key);
        }
    }

    private sealed class Running
    {
        public CancellationTokenSource Ending { get; } = new();

        public Task<T>? Work { get; set; }

        public int Waiting { get; set; }
    }
}
