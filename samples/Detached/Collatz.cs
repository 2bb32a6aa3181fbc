namespace Cluster.Samples.Detached;

/// <summary>How long sequences of Collatz are: halve an even number, triple an odd one and add one, until it is one.</summary>
internal static class Collatz
{
    /// <summary>Finds the longest sequence that begins in a range.</summary>
    public static Longest Search(int range)
    {
        const int Size = 20_000;
        var longest = new Longest(0, 0);
        for (var start = (range * Size) + 1L; start <= (range + 1L) * Size; start++)
        {
            var steps = Steps(start);
            longest = steps > longest.Steps ? new Longest(start, steps) : longest;
        }

        return longest;
    }

    private static int Steps(long number)
    {
        var steps = 0;
        for (; number > 1; steps++)
        {
            number = number % 2 == 0 ? number / 2 : (3 * number) + 1;
        }

        return steps;
    }
}
