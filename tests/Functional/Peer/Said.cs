using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary>What came of one call after another, in the words of multiprocessing_cases.py.</summary>
internal sealed class Said
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _outcomes = [];

    /// <summary>Makes a call, and notes its result or its failure.</summary>
    public async Task<Said> Of<T>(Func<Task<T>> call)
    {
        _outcomes.Add(await OutcomeAsync(call));
        return this;
    }

    /// <summary>The same for a call that has no result of its own.</summary>
    public Task<Said> Did(Func<Task> call) => Of(async () =>
    {
        await call();
        return true;
    });

    /// <summary>The same for a call that acquires something.</summary>
    public Task<Said> Got(Func<Task<LockLease?>> call) => Of(async () =>
    {
        try
        {
            return await call() is not null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    });

    /// <summary>The same for a call that may find nothing.</summary>
    public Task<Said> Found<T>(Func<Task<(bool Found, T Value)>> call, string otherwise) => Of<object?>(async () =>
    {
        var (found, value) = await call();
        return found ? value : new Word(otherwise);
    });

    /// <summary>What came of one call.</summary>
    public static async Task<string> OutcomeAsync<T>(Func<Task<T>> call)
    {
        try
        {
            var result = await call();
            return result is Word word ? word.Text : JsonSerializer.Serialize(result, Json);
        }
        catch (Exception exception) when (WordFor(exception) is not null)
        {
            return WordFor(exception)!;
        }
    }

    /// <summary>Calls side by side; the outcomes sorted.</summary>
    public static async Task<string[]> SideBySideAsync<T>(int count, Func<Task<T>> call) =>
        [.. (await Task.WhenAll(Enumerable.Range(0, count).Select(_ => OutcomeAsync(call)))).Order(StringComparer.Ordinal)];

    public override string ToString() => string.Join(" | ", _outcomes);

    private static string? WordFor(Exception exception) => exception switch
    {
        KeyNotFoundException => "no such key",
        ArgumentOutOfRangeException => "out of range",
        QueueFullException => "full",
        QueueEmptyException => "empty",
        BarrierBrokenException => "broken",
        EndOfStreamException => "end",
        InvalidOperationException or SynchronizationLockException or ClusterObjectException => "refused",
        _ => null,
    };

    /// <summary>An outcome that multiprocessing tells by an exception, and the SDK by a result.</summary>
    private sealed record Word(string Text);
}
