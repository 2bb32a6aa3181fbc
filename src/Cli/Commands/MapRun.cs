using System.Runtime.CompilerServices;
using System.Text.Json;
using Cluster.Cli.Items;
using Cluster.Cli.Output;
using Cluster.Client;
using Cluster.Client.Functions;

namespace Cluster.Cli.Commands;

/// <summary>One run of <c>cluster map</c>: lines in, items to the cluster, lines out.</summary>
internal sealed class MapRun(ShippedFunction function, ItemParser parser, ItemSource source, ItemProgress progress, StatusLine status)
{
    public required bool Ordered { get; init; }

    public required bool Spread { get; init; }

    public required MapOptions Options { get; init; }

    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">An item makes no sense.</exception>
    /// <exception cref="ClusterException">The job failed, or an item did and that ends the map.</exception>
    /// <exception cref="TaskTimeoutException">An item took too long, and that ends the map.</exception>
    /// <exception cref="OutputClosedException">Nobody reads the results any more.</exception>
    public async Task<int> RunAsync(ClusterClient client, Stream output, CancellationToken cancellationToken)
    {
        var options = Options with
        {
            OnOutput = line => status.Interleave(Console.Error.WriteLine, line.Text),
            Progress = new WaitingReason(progress),
        };
        var writer = new ResultWriter(output, status);
        var results = NamedCalls.Results(client, function, ReadItemsAsync(cancellationToken), Spread, Ordered, options, cancellationToken);
        try
        {
            return await WriteAllAsync(results, writer, cancellationToken);
        }
        catch (Exception e) when (e is not OutputClosedException)
        {
            // What was done before is printed, whatever ended the map.
            writer.Flush();
            throw;
        }
    }

    private async Task<int> WriteAllAsync(IAsyncEnumerable<JsonElement> results, ResultWriter writer, CancellationToken cancellationToken)
    {
        var exitCode = ExitCodes.Success;
        await using var reader = results.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = reader.MoveNextAsync();
            if (!next.IsCompleted)
            {
                writer.Flush();
            }

            try
            {
                if (!await next)
                {
                    writer.Flush();
                    return exitCode;
                }
            }
            catch (Exception e) when (Options.OnError == OnError.Collect && FailureLine.Of(e) is not null)
            {
                // An item's failure is raised at its place, and the next item follows.
                exitCode = ExitCodes.Failed;
                progress.AddFailure();
                writer.Write(FailureLine.Of(e)!);
                continue;
            }

            progress.AddResult();
            writer.Write(reader.Current);
        }
    }

    private async IAsyncEnumerable<JsonElement> ReadItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in source.ReadAsync(cancellationToken))
        {
            yield return parser.Parse(line);
        }
    }

    private sealed class WaitingReason(ItemProgress progress) : IProgress<JobProgress>
    {
        public void Report(JobProgress value) => progress.WaitFor(value.WaitingFor);
    }
}
