namespace Acme.Pricing;

internal static class Box<T>
{
    public static T Keep(T value) => value;
}
