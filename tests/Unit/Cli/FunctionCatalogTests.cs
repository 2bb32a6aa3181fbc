using Cluster.Cli;
using Cluster.Cli.Functions;
using Xunit;

namespace Cluster.Unit.Cli;

public sealed class FunctionCatalogTests
{
    private const string Samples = "Cluster.Unit.Cli.CatalogSamples";
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Read(typeof(CatalogSamples).Assembly.Location);

    [Fact]
    public void A_function_is_found_with_its_token_and_parameters()
    {
        var found = Find("Square");
        Assert.Equal("Cluster.Unit.Tests", found.Assembly);
        Assert.Equal(typeof(CatalogSamples).GetMethod(nameof(CatalogSamples.Square))!.MetadataToken, found.Token);
        Assert.Equal(["int"], found.Parameters);
        Assert.False(found.TakesText);
    }

    [Fact]
    public void A_cancellation_token_is_not_an_argument() => Assert.Equal(["string"], Find("Fetch").Parameters);

    [Fact]
    public void A_string_parameter_takes_text() => Assert.True(Find("Fetch").TakesText);

    [Theory]
    [InlineData(".Nested.Twice")]
    [InlineData("+Nested.Twice")]
    public void Nested_types_are_found_with_either_separator(string name) =>
        Assert.Equal($"{Samples}+Nested", Catalog.Find(FunctionName.Parse(Samples + name), spread: false).Type);

    [Fact]
    public void Overloads_are_told_apart_by_how_many_arguments_an_item_gives() => Assert.Equal(["int"], Find("Add").Parameters);

    [Fact]
    public void Overloads_are_told_apart_by_their_types() =>
        Assert.Equal(["int", "System.Collections.Generic.List<string>"], Find("Add(int, System.Collections.Generic.List<string>)", spread: true).Parameters);

    [Fact]
    public void Overloads_that_remain_are_listed()
    {
        var error = Assert.Throws<UsageException>(() => Find("Add", spread: true));
        Assert.Contains($"{Samples}.Add(int, int?)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Squar", "Did you mean Cluster.Unit.Cli.CatalogSamples.Square")]
    [InlineData("Generic", "is generic")]
    [InlineData("Instance", "is not static")]
    [InlineData("Multiply", "--star")]
    [InlineData("Add(long)", "There are: ")]
    public void What_cannot_be_called_says_why(string name, string expected)
    {
        var error = Assert.Throws<UsageException>(() => Find(name));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_like_no_other_gets_examples()
    {
        var error = Assert.Throws<UsageException>(() => Catalog.Find(new FunctionName("Utterly.Different.And.Rather.Long", "Q", null), spread: false));
        Assert.Contains("It has, for example, ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains("There is no file nowhere.dll", Assert.Throws<UsageException>(() => FunctionCatalog.Read("nowhere.dll")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_no_assembly_is_refused()
    {
        var json = Path.ChangeExtension(typeof(CatalogSamples).Assembly.Location, ".runtimeconfig.json");
        Assert.Contains("is not a .NET assembly", Assert.Throws<UsageException>(() => FunctionCatalog.Read(json)).Message, StringComparison.Ordinal);
    }

    private static FunctionSignature Find(string method, bool spread = false) => Catalog.Find(FunctionName.Parse($"{Samples}.{method}"), spread);
}
