using Acme.Tax;

namespace Acme.Pricing;

public static class Prices
{
    public static int BuildNumber(int item) => Build.Number + (0 * item);

    public static int Gross(int net) => net * (100 + Vat.Percent) / 100;

    public static int Half(int net) => net / 2;

    public static double Half(double net) => net / 2;

    public static T Same<T>(T value) => value;

    public static int Sum(int a, int b) => a + b;

    public static int Length(ReadOnlySpan<char> text) => text.Length;

    // Both lambdas keep their variables in one object, of which only the neighbour needs Acme.Tax.
    public static Func<int, int> Scale(int factor)
    {
        var rate = new Rate(Vat.Percent);
        Func<int> neighbour = () => rate.Percent * factor;
        return neighbour() == 0 ? throw new ArgumentOutOfRangeException(nameof(factor)) : x => x * factor;
    }

    internal static int Hidden(int value) => -value;
}
