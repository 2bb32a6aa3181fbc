using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Cluster.Client.Jobs;

/// <summary>
/// Hands progress and output to the user's code, one after the other and off the loop that receives: a handler that is slow holds output
/// back, one that throws is logged.
/// </summary>
internal sealed class JobEvents(Action<OutputLine>? onOutput, IProgress<JobProgress>? onProgress, ILogger logger)
{
    private const int Waiting = 256;

    // One writer (the receiving loop), one reader (below); full: output waits, progress is left out, since a newer snapshot follows.
    private readonly Channel<Action> _queue = Channel.CreateBounded<Action>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    private Task? _delivery;

    /// <summary>Hands a line to the user's handler or, where there is none, to the console. What the handler throws is logged.</summary>
    public static void Write(OutputLine line, Action<OutputLine>? onOutput, ILogger logger)
    {
        if (onOutput is not null)
        {
            Guarded(() => onOutput(line), logger);
        }
        else
        {
            (line.IsError ? Console.Error : Console.Out).WriteLine(line.Text);
        }
    }

    public void Report(JobProgress progress)
    {
        if (onProgress is not null)
        {
            _delivery ??= DeliverAsync();
            _queue.Writer.TryWrite(() => onProgress.Report(progress));
        }
    }

    public ValueTask WriteAsync(IReadOnlyList<OutputLine> lines, CancellationToken cancellationToken)
    {
        _delivery ??= DeliverAsync();
        return _queue.Writer.WriteAsync(() => Write(lines), cancellationToken);
    }

    /// <summary>Reports the last snapshot and completes when everything has been handed over: when the handlers want it.</summary>
    public async Task CompleteAsync(JobProgress last)
    {
        if (onProgress is not null)
        {
            _delivery ??= DeliverAsync();
            await _queue.Writer.WriteAsync(() => onProgress.Report(last)).ConfigureAwait(false);
        }

        _queue.Writer.Complete();
        if (_delivery is { } delivery)
        {
            await delivery.ConfigureAwait(false);
        }
    }

    private void Write(IReadOnlyList<OutputLine> lines)
    {
        foreach (var line in lines)
        {
            Write(line, onOutput, logger);
        }
    }

    private async Task DeliverAsync()
    {
        // Even the first event must not run on the caller, which is the receiving loop.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await foreach (var deliver in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Guarded(deliver, logger);
        }
    }

    private static void Guarded(Action deliver, ILogger logger)
    {
        try
        {
            deliver();
        }
#pragma warning disable CA1031 // A handler may throw anything; it must not break the job.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            JobLog.HandlerFailed(logger, exception);
        }
    }
}
