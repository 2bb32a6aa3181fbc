using Cluster.Coordinator.Hosting.Access;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosting;

public sealed class AccessTokensTests
{
    private const string Reader = "reader-0123456789";
    private const string Submitter = "submitter-0123456789";

    [Fact]
    public void A_secret_alone_is_for_everything()
    {
        var tokens = AccessTokens.Parse("# made by hand\n\n secret \n");
        Assert.Equal(("admin", Role.Admin), NameAndRole(tokens.Find("Bearer secret")));
        Assert.Equal(("admin", Role.Admin), NameAndRole(tokens.Find("bearer  secret ")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("Basic secret")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer secre")]
    [InlineData("Bearer secrets")]
    [InlineData("Bearer # made by hand")]
    public void What_is_not_the_secret_is_nobodys(string? authorization) => Assert.Null(AccessTokens.Parse("# made by hand\nsecret").Find(authorization));

    [Fact]
    public void Lines_give_roles_and_names()
    {
        var tokens = AccessTokens.Parse($"# ours\nread {Reader}\n\nSubmit {Submitter} ci\r\n");
        Assert.Equal(("read-2", Role.Read), NameAndRole(tokens.Find($"Bearer {Reader}")));
        Assert.Equal(("ci", Role.Submit), NameAndRole(tokens.Find($"Bearer {Submitter}")));
        Assert.Null(tokens.Find("Bearer ci"));
        Assert.Null(tokens.Find("Bearer read"));
    }

    [Theory]
    [InlineData("", "no tokens")]
    [InlineData("# only\n", "no tokens")]
    [InlineData("read reader-0123456789\nwriter submitter-0123456789", "Line 2 of the tokens begins with 'writer'")]
    [InlineData("any reader-0123456789", "no role")]
    [InlineData("3 reader-0123456789", "no role")]
    [InlineData("none reader-0123456789", "no role")]
    [InlineData("read,submit reader-0123456789", "no role")]
    [InlineData("read short", "5 characters")]
    [InlineData("read reader-0123456789\nsecret-0123456789", "Line 2")]
    [InlineData("read reader-0123456789 a b", "Line 1")]
    public void What_is_wrong_is_named_by_its_line_and_no_secret_is_told(string text, string problem)
    {
        var exception = Assert.Throws<FormatException>(() => AccessTokens.Parse(text));
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", exception.Message, StringComparison.Ordinal);
    }

    private static (string Name, Role Role) NameAndRole(AccessToken? token) => (token!.Name, token.Role);
}
