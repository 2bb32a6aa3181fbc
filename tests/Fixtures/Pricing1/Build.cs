namespace Acme.Pricing;

internal static class Build
{
    public const int Number = 1;
}
