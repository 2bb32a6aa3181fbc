namespace Cluster.Unit.Code;

internal static class TextExtensions
{
    public static string Append(this string text, int number) => text + number;

    public static int SumWith(this int[] numbers, int more) => numbers.Sum() + more;
}
