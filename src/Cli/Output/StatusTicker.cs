namespace Cluster.Cli.Output;

/// <summary>Keeps the status line up to date while something else runs.</summary>
internal sealed class StatusTicker : IAsyncDisposable
{
    private readonly StatusLine _line;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    public StatusTicker(StatusLine line, Func<string> describe, TimeProvider time)
    {
        _line = line;
        _timer = new PeriodicTimer(line.Period, time);
        _loop = line.IsVisible ? RunAsync(describe) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
        _line.Show("");
    }

    private async Task RunAsync(Func<string> describe)
    {
        while (await _timer.WaitForNextTickAsync())
        {
            _line.Show(describe());
        }
    }
}
