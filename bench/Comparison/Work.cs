using System.Runtime.CompilerServices;

namespace Cluster.Bench.Comparison;

/// <summary>The functions that both sides run; the peer has the same ones in Python.</summary>
internal static class Work
{
    public static long Square(int n) => (long)n * n;

    public static int Length(byte[] block) => block.Length;

    public static byte[] Echo(byte[] block) => block;

    /// <summary>Work for the processor. Never inlined: a caller that drops the result must not save the work.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static int Spin(int rounds)
    {
        var value = 1;
        for (var i = 0; i < rounds; i++)
        {
            value = (value * 1103515245 + 12345) & 0x7FFFFFFF;
        }

        return value;
    }
}
