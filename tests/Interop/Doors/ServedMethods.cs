using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Doors;

/// <summary>What a server says that it serves.</summary>
internal static class ServedMethods
{
    /// <summary>Its methods: <c>cluster.v1.Jobs/Map</c>.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(Door door)
    {
        await using var buf = ForeignProcess.Start(
            ForeignTools.Buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--reflect", "--list-methods", door.Address], ForeignTools.ProjectDirectory);
        var (exitCode, output, errors) = await buf.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
