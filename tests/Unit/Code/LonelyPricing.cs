using Cluster.Client.Functions;

namespace Cluster.Unit.Code;

/// <summary>A folder with Acme.Pricing and without Acme.Tax, which it refers to.</summary>
internal sealed class LonelyPricing : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public LonelyPricing() => File.Copy(Fixtures.Pricing1, Pricing);

    public string Pricing => Path.Combine(_folder.FullName, "Acme.Pricing.dll");

    public ShippedFunction Ship(string method) => FunctionShipper.Ship(Pricing, "Acme.Pricing.Prices", method);

    public void Dispose() => _folder.Delete(recursive: true);
}
