using System.Text;
using Cluster.Client;
using Cluster.Client.Commands;

namespace Cluster.Cli.Exec;

/// <summary>One run of <c>cluster exec</c>: items in, programs on nodes, what they wrote out.</summary>
internal sealed class ExecRun(ClusterClient client, CommandTemplate template, ExecPrinter printer) : IDisposable
{
    private readonly CancellationTokenSource _halted = new();
    private long _succeeded;
    private long _failed;
    private volatile bool _stops;

    /// <summary>How many items are under way at most.</summary>
    public required int Jobs { get; init; }

    /// <summary>How often an item is tried.</summary>
    public required int Tries { get; init; }

    /// <summary>How long one try may take, where to run, …</summary>
    public required TaskOptions Options { get; init; }

    public required HaltPolicy Halt { get; init; }

    /// <summary>Whether the item is the program's input.</summary>
    public required bool FeedsItem { get; init; }

    /// <summary>What is done already: by number, whether it succeeded.</summary>
    public required IReadOnlyDictionary<long, bool> Done { get; init; }

    /// <summary>Whether what failed runs again.</summary>
    public required bool RetriesFailed { get; init; }

    /// <summary>Where the programs run, and with which variables.</summary>
    public required CommandCall Model { get; init; }

    public required TimeProvider Time { get; init; }

    /// <returns>Whether all succeeded.</returns>
    public async Task<bool> RunAsync(IAsyncEnumerable<string> items, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _halted.Token);
        using var slots = new SemaphoreSlim(Jobs);
        List<Task> running = [];
        var index = -1L;
        try
        {
            await foreach (var item in items.WithCancellation(ending.Token))
            {
                index++;
                if (Done.TryGetValue(index, out var succeeded) && (succeeded || !RetriesFailed))
                {
                    printer.Skip(index);
                    continue;
                }

                await slots.WaitAsync(ending.Token);
                if (_stops)
                {
                    break;
                }

                running.RemoveAll(static task => task.IsCompletedSuccessfully);
                running.Add(RunItemAsync(item, index, slots, ending.Token));
            }
        }
        catch (OperationCanceledException) when (_halted.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Enough is known.
        }

        await Task.WhenAll(running);
        cancellationToken.ThrowIfCancellationRequested();
        printer.End();
        return _failed == 0;
    }

    public void Dispose() => _halted.Dispose();

    private async Task RunItemAsync(string item, long index, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            var outcome = await TryAsync(item, index, cancellationToken);
            for (var tried = 1; !outcome.HasSucceeded && !outcome.IsHalted && tried < Tries; tried++)
            {
                outcome = await TryAsync(item, index, cancellationToken);
            }

            printer.Print(outcome);
            Count(outcome);
        }
        finally
        {
            slots.Release();
        }
    }

    private void Count(ExecOutcome outcome)
    {
        if (outcome.IsHalted)
        {
            return;
        }

        _ = outcome.HasSucceeded ? Interlocked.Increment(ref _succeeded) : Interlocked.Increment(ref _failed);
        if (Halt.IsMet(Volatile.Read(ref _succeeded), Volatile.Read(ref _failed)))
        {
            _stops = true;
            if (Halt.Now)
            {
                _halted.Cancel();
            }
        }
    }

    private async Task<ExecOutcome> TryAsync(string item, long index, CancellationToken cancellationToken)
    {
        var command = template.For(item, index);
        var outcome = new ExecOutcome(index, item, command) { Started = Time.GetUtcNow(), ExitCode = -1 };
        var call = Model with { Arguments = command, Input = FeedsItem ? Encoding.UTF8.GetBytes(item + "\n") : null };
        try
        {
            var result = await client.Submit(CommandTask.RunAsync, call, Options, cancellationToken);
            return outcome with
            {
                ExitCode = Math.Max(0, result.ExitCode),
                Signal = Math.Max(0, -result.ExitCode),
                Node = result.Node,
                Elapsed = result.Elapsed,
                Output = result.Output,
                Error = result.Error,
            };
        }
        catch (TaskTimeoutException exception)
        {
            return outcome with { Problem = exception.Message, Elapsed = Time.GetUtcNow() - outcome.Started };
        }
        catch (OperationCanceledException) when (_halted.IsCancellationRequested)
        {
            return outcome with { IsHalted = true };
        }
        catch (Exception exception) when (exception is RemoteTaskException or WorkerLostException or InvalidOperationException)
        {
            return outcome with { Problem = exception.Message };
        }
    }
}
