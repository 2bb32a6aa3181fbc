using Cluster.Coordinator.Functions.Registered;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;
using V1Code = Cluster.Protocol.V1.Code;

namespace Cluster.Unit.Coordinator.Functions.Registered;

public sealed class FunctionAddressTests
{
    [Theory]
    [InlineData("samples/square", "samples", null, "square")]
    [InlineData("samples@1f09/square", "samples", "1f09", "square")]
    [InlineData("samples/a/b", "samples", null, "a/b")]
    public void A_function_is_named_by_its_set_and_perhaps_a_version(string text, string set, string? version, string function) =>
        Assert.Equal(new FunctionAddress(set, version, function), FunctionAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("square")]
    [InlineData("samples/")]
    [InlineData("/square")]
    [InlineData("@1f09/square")]
    [InlineData("samples@/square")]
    public void Everything_else_is_no_name(string text) => Assert.Null(FunctionAddress.Parse(text));

    [Theory]
    [InlineData("samples", true)]
    [InlineData("0.a_b-c", true)]
    [InlineData("Samples", false)]
    [InlineData("../etc", false)]
    [InlineData(".hidden", false)]
    [InlineData("a\n", false)]
    [InlineData("", false)]
    public void Names_of_sets_are_names_of_files_too(string name, bool expected) => Assert.Equal(expected, FunctionNames.IsSet(name));

    [Fact]
    public void A_version_is_that_of_the_content_in_any_order()
    {
        var (app, tax) = (File("App", 1), File("Tax", 2));
        var version = CodeVersion.Of(new V1Code { Files = { app, tax } }, "App");
        Assert.Equal(12, version.Length);
        Assert.Equal(version, CodeVersion.Of(new V1Code { Files = { tax, app } }, "App"));
        Assert.NotEqual(version, CodeVersion.Of(new V1Code { Files = { app, File("Tax", 3) } }, "App"));
        Assert.NotEqual(version, CodeVersion.Of(new V1Code { Files = { app, tax } }, "Tax"));
    }

    private static CodeFile File(string name, byte content) => new() { Name = name, Sha256 = ByteString.CopyFrom(Enumerable.Repeat(content, 32).ToArray()), Size = 1 };
}
