using System.Numerics;

namespace Cluster.Client.Objects.Replicas;

/// <summary>The digits of a hash, by which a <see cref="HashTrie{TKey, TValue}"/> branches: 0 to 31.</summary>
internal static class TrieDigit
{
    /// <summary>Bits of a hash that are one digit.</summary>
    public const int Bits = 5;

    /// <summary>The bit that stands for a digit in a map.</summary>
    public static uint Bit(int hash, int shift) => 1u << ((hash >>> shift) & 31);

    /// <summary>Where in an array the digit of a bit is.</summary>
    public static int Index(uint map, uint bit) => BitOperations.PopCount(map & (bit - 1));
}
