namespace Cluster.TestFunctions;

public static class Texts
{
    public static string Upper(string text) => text.ToUpperInvariant();

    public static Words Count(string text) => new(text, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    public static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
