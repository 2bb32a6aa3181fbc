namespace Acme.Pricing;

public class Basket
{
    public int Count { get; init; }

    public int Add(int more) => Count + more;
}
