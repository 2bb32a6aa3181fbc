using System.Runtime.InteropServices;
using Cluster.Client.Jobs;
using Cluster.Protocol.V1;

namespace Cluster.Simulation.Wire;

/// <summary>The answers that a client's user gets: each item's own, once.</summary>
internal sealed class WireResults(int count) : IJobResults
{
    private readonly bool[] _answered = new bool[count];

    public int Count => count;

    public int Answered { get; private set; }

    /// <summary>Items that the user does not want any more.</summary>
    public HashSet<long> MayBeCancelled { get; } = [];

    /// <summary>What item <paramref name="index"/> is.</summary>
    public static long Value(int index) => (index * 7L) + 3;

    public void Start(long first, long count, string node, int processId)
    {
    }

    public void Add(ResultEntry entry, in RunFacts facts)
    {
        ReadOnlySpan<long> values = MemoryMarshal.Cast<byte, long>(entry.Whole!.Payload.Span);
        Require.That(values.Length == entry.Count, $"{entry.Count} items have {values.Length} results");
        for (int i = 0; i < values.Length; i++)
        {
            Take(entry.First + i);
            Require.That(values[i] == Value((int)entry.First + i), $"item {entry.First + i} has the result of another");
        }
    }

    public void Fail(ItemFailure failure, in RunFacts facts)
    {
        Take((long)failure.Index);
        Require.That(MayBeCancelled.Contains((long)failure.Index), $"item {failure.Index} failed: {failure.Error}");
    }

    public ValueTask WaitForReaderAsync(CancellationToken cancellationToken) => default;

    public void Pause()
    {
    }

    public void End(Exception? error)
    {
    }

    private void Take(long index)
    {
        Require.That(!_answered[index], $"item {index} was answered twice");
        _answered[index] = true;
        Answered++;
    }
}
