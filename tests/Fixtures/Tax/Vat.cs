namespace Acme.Tax;

public static class Vat
{
    public static int Percent => 20;
}
