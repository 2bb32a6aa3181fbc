namespace Cluster.Unit.Client;

/// <summary>A source without end that counts what is taken, and waits before one of its items until a test lets it go on.</summary>
internal sealed class GatedSource(int gateAt) : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;

    /// <summary>Items that were asked for.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Completes when the item behind the gate has been asked for.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Completes when nobody will ask for more.</summary>
    public Task Left => _left.Task;

    public void Open() => _gate.Set();

    public IEnumerable<int> Items()
    {
        try
        {
            while (true)
            {
                Take();
                yield return Taken - 1;
            }
        }
        finally
        {
            _left.TrySetResult();
        }
    }

    public async IAsyncEnumerable<int> ItemsLater()
    {
        try
        {
            while (true)
            {
                await Task.Yield();
                Take();
                yield return Taken - 1;
            }
        }
        finally
        {
            _left.TrySetResult();
        }
    }

    public void Dispose() => _gate.Dispose();

    private void Take()
    {
        if (Interlocked.Increment(ref _taken) == gateAt + 1)
        {
            _reached.SetResult();
            _gate.Wait(TimeSpan.FromSeconds(30));
        }
    }
}
