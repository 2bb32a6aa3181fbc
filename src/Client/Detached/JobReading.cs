using System.Runtime.CompilerServices;
using Cluster.Client.Connection;
using Cluster.Client.Exceptions;
using Cluster.Client.Functions;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Client.Detached;

/// <summary>Reads the answers of a submitted job, over as many calls as it takes.</summary>
internal static class JobReading
{
    private static readonly RunFacts Unknown = new("", TimeSpan.Zero);

    /// <summary>The answers, in the order of the items.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="from">The item to begin with.</param>
    /// <param name="wait">Wait for those that are still to come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<(ResultEntry? Entry, ItemFailure? Failure)> AnswersAsync(
        ClusterConnection connection, string jobId, long from, bool wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new ResultCursor(jobId, from);
        using var stream = new ResumedStream<Results>(connection, jobId, token =>
        {
            cursor.Restart();
            var request = new JobResultsRequest { JobId = jobId, FromIndex = (ulong)cursor.Next, NoWait = !wait };
            return connection.Jobs.ResultBatches(request, connection.Headers, cancellationToken: token);
        });
        while (await stream.NextAsync(cancellationToken).ConfigureAwait(false) is { } results)
        {
            foreach (var answer in cursor.Take(results))
            {
                yield return answer;
            }
        }
    }

    /// <summary>What became of each item, in order.</summary>
    public static async IAsyncEnumerable<ItemOutcome<TResult>> OutcomesAsync<TResult>(
        ClusterConnection connection, string jobId, long from, bool wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new ResultReader<TResult>();
        TResult[] values = [];
        Dictionary<long, Exception> unreadable = [];
        await foreach (var (answered, failure) in AnswersAsync(connection, jobId, from, wait, cancellationToken).ConfigureAwait(false))
        {
            if (answered is not { } entry)
            {
                yield return new ItemOutcome<TResult>((long)failure!.Index, RemoteErrors.ForItem(failure));
                continue;
            }

            if (values.Length < entry.Count)
            {
                values = new TResult[entry.Count];
            }

            unreadable.Clear();
            Read<TResult>(jobId, () => reader.Read(entry, values.AsSpan(0, entry.Count), unreadable.Add));
            for (var i = 0; i < entry.Count; i++)
            {
                var index = entry.First + i;
                yield return unreadable.TryGetValue(index, out var problem) ? new ItemOutcome<TResult>(index, problem) : new ItemOutcome<TResult>(index, values[i]);
                values[i] = default!;
            }
        }
    }

    /// <summary>Brings all answers to where they are wanted.</summary>
    /// <returns>The first failure that is no consequence of another.</returns>
    public static async Task<ItemFailure?> ReadAllAsync<TResult>(ClusterConnection connection, string jobId, IJobResults results, CancellationToken cancellationToken)
    {
        ItemFailure? first = null;
        await foreach (var (answered, failure) in AnswersAsync(connection, jobId, from: 0, wait: true, cancellationToken).ConfigureAwait(false))
        {
            if (answered is { } entry)
            {
                Read<TResult>(jobId, () => results.Add(entry, Unknown));
            }
            else
            {
                first ??= failure!.Error?.Kind == ErrorKind.Cancelled ? null : failure;
                results.Fail(failure!, Unknown);
            }
        }

        return first;
    }

    /// <summary>Refuses to read results as something that they are not.</summary>
    /// <exception cref="ClusterException">They are of another type.</exception>
    public static void Require<TResult>(ClusterJobInfo job)
    {
        if (!TypeFit.MayRead(typeof(TResult), job.ResultType))
        {
            throw WrongType<TResult>(job.Id, $"they are of type {job.ResultType}. Write GetJob<{job.ResultType}>(\"{job.Id}\").", null);
        }
    }

    private static void Read<TResult>(string jobId, Action read)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception is NotSupportedException or MalformedBatchException)
        {
            throw WrongType<TResult>(jobId, exception.Message, exception);
        }
    }

    private static ClusterException WrongType<TResult>(string jobId, string why, Exception? cause) =>
        new($"The results of job {jobId} cannot be read as {CSharpTypeText.Of(typeof(TResult))}: {why}", isTransient: false, cause);
}
