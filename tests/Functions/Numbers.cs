using System.Globalization;

namespace Cluster.TestFunctions;

public static class Numbers
{
    public static int Square(int x) => x * x;

    public static int Multiply(int x, int y) => x * y;

    public static int TenOver(int x) => 10 / x;

    public static async Task<double> HalfAsync(double x, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        return x / 2;
    }

    public static int? OddOnly(int x) => x % 2 == 0 ? null : x;

    public static void Ignore(int x) => ArgumentOutOfRangeException.ThrowIfNegative(x);

    public static int Sum(int[] values) => values.Sum();

    public static string Format(int x) => x.ToString(CultureInfo.InvariantCulture);

    public static string Format(int x, string format) => x.ToString(format, CultureInfo.InvariantCulture);
}
