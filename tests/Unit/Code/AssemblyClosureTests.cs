using System.Security.Cryptography;
using Cluster.Client.Functions;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class AssemblyClosureTests
{
    [Fact]
    public void References_travel_and_the_framework_and_the_sdk_do_not()
    {
        var names = new FunctionShipper().Ship((int x) => x + 1).Message.Code.Files.Select(file => file.Name).ToArray();

        Assert.Contains("Cluster.Unit.Tests", names);
        Assert.Contains("Google.Protobuf", names);
        Assert.Contains("xunit.v3.assert", names);
        Assert.DoesNotContain("System.Private.CoreLib", names);
        Assert.DoesNotContain("System.Runtime", names);
        Assert.DoesNotContain("Cluster.Client", names);
        Assert.DoesNotContain("Cluster.Worker", names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Files_are_known_by_their_content()
    {
        var shipped = FunctionShipper.Ship(Fixtures.Tax, "Acme.Tax.Vat", "get_Percent");

        var file = Assert.Single(shipped.Files);
        Assert.Equal(Fixtures.Tax, file.Path);
        Assert.Equal((ulong)new FileInfo(file.Path).Length, file.File.Size);
        Assert.Equal(SHA256.HashData(File.ReadAllBytes(file.Path)), file.File.Sha256.ToByteArray());
    }

    [Fact]
    public void Functions_of_the_framework_need_no_code() => Assert.Empty(new FunctionShipper().Ship((Func<double, double>)Math.Sqrt).Files);

    [Fact]
    public void Type_arguments_bring_their_assemblies()
    {
        var names = new FunctionShipper().Ship((Func<List<Item>, int>)Enumerable.Count).Message.Code.Files.Select(file => file.Name);

        Assert.Contains("Cluster.Unit.Tests", names);
    }

    [Fact]
    public void Items_bring_their_assemblies_where_the_method_takes_anything()
    {
        var names = new FunctionShipper().Ship((Action<Item>)Console.WriteLine).Message.Code.Files.Select(file => file.Name);

        Assert.Contains("Cluster.Unit.Tests", names);
    }

    [Fact]
    public void References_that_are_not_there_are_left_to_the_worker()
    {
        using var folder = new LonelyPricing();

        Assert.Equal("Acme.Pricing", Assert.Single(folder.Ship("BuildNumber").Message.Code.Files).Name);
    }

    [Fact]
    public void The_same_function_again_is_the_same_message()
    {
        var shipper = new FunctionShipper();
        Func<int, int> function = static x => x;

        Assert.Same(shipper.Ship(function), shipper.Ship(function));
    }

    [Fact]
    public void Code_that_was_prepared_is_not_read_again()
    {
        FunctionShipper.Prepare(typeof(AssemblyClosureTests).Assembly);
        var known = AssemblyFiles.Find(typeof(AssemblyClosureTests).Assembly.Location)!.CodeFile;

        Assert.Same(known, new FunctionShipper().Ship((int x) => x).Message.Code.Files.Single(file => file.Name == "Cluster.Unit.Tests"));
    }

    private sealed record Item(int Number);
}
