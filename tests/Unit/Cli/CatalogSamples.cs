namespace Cluster.Unit.Cli;

/// <summary>Methods whose metadata <see cref="FunctionCatalogTests"/> reads. They are never called.</summary>
internal sealed class CatalogSamples
{
    private readonly int _factor = 2;

    public static int Square(int x) => x * x;

    public static Task<int> Fetch(string address, CancellationToken cancellationToken) => Task.FromResult(cancellationToken.CanBeCanceled ? 0 : address.Length);

    public static int Add(int x) => x;

    public static int Add(int x, int? y) => x + y.GetValueOrDefault();

    public static int Add(int x, List<string> y) => x + y.Count;

    public static int Multiply(int x, int y) => x * y;

    public static T Generic<T>(T value) => value;

    public int Instance(int x) => x * _factor;

    internal static class Nested
    {
        public static int Twice(int x) => 2 * x;
    }
}
