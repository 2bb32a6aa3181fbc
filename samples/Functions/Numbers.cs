using Cluster.Client;

namespace Cluster.Samples.Functions;

/// <summary>Functions of numbers.</summary>
public static class Numbers
{
    /// <summary>Multiplies a number with itself.</summary>
    /// <param name="x">Any number.</param>
    /// <returns>The square.</returns>
    [ClusterFunction("square")]
    public static int Square(int x) => checked(x * x);

    /// <summary>Raises a number to a power.</summary>
    /// <param name="x">The base.</param>
    /// <param name="exponent">0 or more.</param>
    /// <returns>The power.</returns>
    [ClusterFunction("power")]
    public static double Power(double x, int exponent) => Math.Pow(x, exponent);

    /// <summary>Divides 100 by a number; see <see cref="DivideByZeroException"/> for what becomes of 0.</summary>
    /// <param name="x">What to divide by.</param>
    /// <returns>The quotient.</returns>
    [ClusterFunction("share")]
    public static int Share(int x) => 100 / x;

    /// <summary>Waits.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Supplied by the cluster.</param>
    /// <returns>How long it was to wait.</returns>
    [ClusterFunction("wait")]
    public static async Task<double> WaitAsync(double seconds, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, cancellationToken);
        return seconds;
    }
}
