namespace Cluster.Unit.Client;

/// <summary>Functions to map; the fake coordinator never runs them.</summary>
internal static class Sample
{
    public static int Square(int x) => x * x;

    public static async Task<int> SquareAsync(int x)
    {
        await Task.Yield();
        return x * x;
    }

    public static async Task<int> SquareUntilAsync(int x, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return x * x;
    }

    public static int Multiply(int x, int y) => x * y;

    public static async Task<string> JoinAsync(string a, int b, double c)
    {
        await Task.Yield();
        return $"{a}{b}{c}";
    }

    public static long Sum4(long a, long b, long c, long d) => a + b + c + d;

    public static int Seven() => 7;

    public static void Save(int x) => GC.KeepAlive(x);

    public static Task SaveAsync(int x) => Task.FromResult(x);

    public static Task SaveUntilAsync(int x, CancellationToken cancellationToken) => Task.FromResult((x, cancellationToken));

    public static void Warm()
    {
    }

    public static Task WarmAsync() => Task.CompletedTask;

    public static int Total(IEnumerable<int> numbers) => numbers.Sum();
}
