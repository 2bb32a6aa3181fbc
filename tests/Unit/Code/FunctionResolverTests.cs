using System.Runtime.Loader;
using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class FunctionResolverTests
{
    private const string Prices = "Acme.Pricing.Prices";

    private readonly Nodes _nodes = new();
    private readonly CancellationToken _token = TestContext.Current.CancellationToken;

    [Fact]
    public void Methods_are_found_by_name()
    {
        var gross = (ItemFunction<int, int>)Resolve(Prices, "Gross").CreateItemFunction(Arguments.Single);
        var hidden = (ItemFunction<int, int>)Resolve(Prices, "Hidden").CreateItemFunction(Arguments.Single);
        var sum = (ItemFunction<(int, int), int>)Resolve(Prices, "Sum").CreateItemFunction(Arguments.Spread);

        Assert.Equal([120, -7, 3], [gross.Invoke(100, _token), hidden.Invoke(7, _token), sum.Invoke((1, 2), _token)]);
    }

    [Fact]
    public void Overloads_are_chosen_by_their_parameters()
    {
        var shipped = FunctionShipper.Ship(Fixtures.Pricing1, Prices, "Half");
        shipped.Message.Parameters.Add("System.Double, System.Private.CoreLib");

        Assert.Equal(typeof(double), _nodes.Resolve(shipped).ResultType);
    }

    [Theory]
    [InlineData(Prices, "Half", "overloaded: Acme.Pricing.Prices.Half(Int32); Acme.Pricing.Prices.Half(Double)")]
    [InlineData(Prices, "Gros", "no method Gros in Acme.Pricing.Prices. Did you mean Gross?")]
    [InlineData("Acme.Pricing.Price", "Gross", "no type Acme.Pricing.Price in Acme.Pricing. Did you mean Acme.Pricing.Prices?")]
    [InlineData("Prices", "Gross", "no type Prices in Acme.Pricing. Did you mean Acme.Pricing.Prices?")]
    [InlineData(Prices, "Same", "is generic")]
    [InlineData("Acme.Pricing.Box`1", "Keep", "is generic")]
    [InlineData("Acme.Pricing.Basket", "Add", "is not static")]
    [InlineData(Prices, "Length", "Parameter text of Acme.Pricing.Prices.Length(ReadOnlySpan<Char>)")]
    public void What_cannot_be_called_by_name_says_why(string type, string method, string message)
    {
        var exception = Assert.Throws<CodeException>(() => Resolve(type, method));

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Code, exception.ToErrorInfo().Kind);
    }

    [Fact]
    public void An_unknown_assembly_lists_those_that_came()
    {
        var shipped = FunctionShipper.Ship(Fixtures.Pricing1, Prices, "Gross");
        shipped.Message.Assembly = "Acme.Prizing";

        Assert.Contains("With the job came Acme.Pricing, Acme.Tax", Assert.Throws<CodeException>(() => _nodes.Resolve(shipped)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_assembly_is_named_with_the_one_that_needs_it()
    {
        using var folder = new LonelyPricing();

        var exception = Assert.Throws<CodeException>(() => _nodes.Resolve(folder.Ship("Gross")));

        Assert.Contains("The assembly Acme.Tax, which Acme.Pricing needs, did not come with the code", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_assembly_does_not_matter_to_functions_that_do_without_it()
    {
        using var folder = new LonelyPricing();

        Assert.Equal(1, ((ItemFunction<int, int>)_nodes.Resolve(folder.Ship("BuildNumber")).CreateItemFunction(Arguments.Single)).Invoke(0, _token));
    }

    [Fact]
    public void A_missing_assembly_does_not_matter_to_a_lambda_whose_neighbour_needs_it()
    {
        using var folder = new LonelyPricing();
        var program = new AssemblyLoadContext("program", isCollectible: true);
        program.Resolving += (context, _) => context.LoadFromAssemblyPath(Fixtures.Tax);
        var scale = program.LoadFromAssemblyPath(folder.Pricing).GetType(Prices)!.GetMethod("Scale")!;
        var shipped = _nodes.Shipper.Ship((Func<int, int>)scale.Invoke(null, [3])!);

        Assert.DoesNotContain(shipped.Files, file => file.File.Name == "Acme.Tax");
        Assert.Equal(21, ((ItemFunction<int, int>)_nodes.Resolve(shipped).CreateItemFunction(Arguments.Single)).Invoke(7, _token));
    }

    [Fact]
    public void Messages_of_a_newer_protobuf_than_the_workers_are_refused()
    {
        var exception = Assert.Throws<CodeException>(() => _nodes.Resolve(FunctionShipper.Ship(Fixtures.NewerProtobuf, "Google.Protobuf.Greeting", "Measure")));

        Assert.Contains("Google.Protobuf 99.0.0.0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("the worker has 3.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_protobuf_than_the_workers_runs_beside_it()
    {
        var count = _nodes.Resolve(FunctionShipper.Ship(Fixtures.NewerProtobuf, "Google.Protobuf.Greeting", "Count"));

        Assert.Equal(8, ((ItemFunction<int, int>)count.CreateItemFunction(Arguments.Single)).Invoke(7, _token));
    }

    [Fact]
    public void A_token_of_other_code_is_noticed()
    {
        var shipped = FunctionShipper.Ship(Fixtures.Pricing1, Prices, "Gross");
        var half = FunctionShipper.Ship(Fixtures.Pricing1, Prices, "Half");
        shipped.Message.Token = 0x06000001;
        half.Message.Token = TokenOf("Half", typeof(int));
        half.Message.Parameters.Add("System.Double, System.Private.CoreLib");

        Assert.Contains("not Gross", Assert.Throws<CodeException>(() => _nodes.Resolve(shipped)).Message, StringComparison.Ordinal);
        Assert.Contains("has other parameters", Assert.Throws<CodeException>(() => _nodes.Resolve(half)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Captures_that_do_not_fit_are_reported()
    {
        var factor = 3;
        var shipped = _nodes.Shipper.Ship((int x) => x * factor);
        var garbled = shipped.Message.Clone();
        garbled.Target = Google.Protobuf.ByteString.CopyFromUtf8("""{"closure":1,"fields":{"factor":{"value":"three"}}}""");

        Assert.Contains("captured cannot be rebuilt", Assert.Throws<CodeException>(() => _nodes.Resolve(shipped with { Message = garbled })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_no_assemblies_are_reported()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "This is not code.");
            var shipped = FunctionShipper.Ship(Fixtures.Tax, "Acme.Tax.Vat", "get_Percent");

            Assert.Throws<CodeException>(() => _nodes.Resolve(shipped with { Files = [shipped.Files[0] with { Path = path }] }));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private ResolvedFunction Resolve(string type, string method) => _nodes.Resolve(FunctionShipper.Ship(Fixtures.Pricing1, type, method));

    private static uint TokenOf(string method, Type parameter)
    {
        var context = new AssemblyLoadContext("look", isCollectible: true);
        var type = context.LoadFromAssemblyPath(Fixtures.Pricing1).GetType(Prices)!;
        return (uint)type.GetMethod(method, [parameter])!.MetadataToken;
    }
}
