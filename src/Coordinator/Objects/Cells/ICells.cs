using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Objects.Cells;

/// <summary>What is in the cells of a value or an array.</summary>
internal interface ICells
{
    int Length { get; }

    /// <summary>What the values of all cells travel as.</summary>
    IEnumerable<Payload> All { get; }

    Payload Get(int index);

    void Set(int index, Payload value);

    /// <summary>What some cells next to each other take in memory.</summary>
    long Weigh(int start, int count);

    /// <summary>Values for replies, from one cell up to another, cut into pieces of bearable size.</summary>
    IEnumerable<CellValues> Slice(int start, int stop, int pageBytes);

    /// <summary>How many cells the values fill; null: they are no values for these cells.</summary>
    int? Measure(IReadOnlyList<Payload> values);

    /// <summary>Sets cells next to each other to values that were measured.</summary>
    void SetSlice(int start, IReadOnlyList<Payload> values);

    /// <summary>For messages: what a value has to be.</summary>
    string Rule { get; }
}
