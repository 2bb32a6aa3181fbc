namespace Acme.Tax;

public sealed class Rate(int percent)
{
    public int Percent { get; } = percent;
}
