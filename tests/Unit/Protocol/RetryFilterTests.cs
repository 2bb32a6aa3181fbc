using Cluster.Client;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Protocol;

public sealed class RetryFilterTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("System.IO.FileNotFoundException", "", true)]
    [InlineData("FileNotFoundException", "", true)]
    [InlineData("System.IO.IOException", "", true)]
    [InlineData("IO.IOException", "", false)]
    [InlineData("NotFoundException", "", false)]
    [InlineData("System.TimeoutException", "", false)]
    [InlineData("System.TimeoutException IOException", "", true)]
    [InlineData("", "System.Exception", false)]
    [InlineData("FileNotFoundException", "IOException", false)]
    public void Types_are_known_by_their_names_and_by_those_that_they_are_derived_from(string handle, string ignore, bool expected) =>
        Assert.Equal(expected, RetryFilter.Handles(Policy(handle, ignore), new FileNotFoundException()));

    [Theory]
    [InlineData("", "", true)]
    [InlineData("System.TimeoutException", "", true)]
    [InlineData("TaskTimeoutException", "", true)]
    [InlineData("Cluster.Client.TaskTimeoutException", "", true)]
    [InlineData("System.IO.IOException", "", false)]
    [InlineData("", "System.TimeoutException", false)]
    public void A_timeout_is_what_the_client_throws_for_it(string handle, string ignore, bool expected)
    {
        Assert.Equal(expected, RetryFilter.HandlesTimeouts(Policy(handle, ignore)));
        Assert.Equal(expected, RetryFilter.Handles(Policy(handle, ignore), new TaskTimeoutException("", true, null)));
    }

    private static RetryPolicy Policy(string handle, string ignore)
    {
        var policy = new RetryPolicy();
        policy.Handle.AddRange(handle.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        policy.Ignore.AddRange(ignore.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return policy;
    }
}
