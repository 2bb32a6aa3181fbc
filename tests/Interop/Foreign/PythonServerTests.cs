using Cluster.Interop.Cases;
using Grpc.Net.Client;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>Our client against grpcio's server.</summary>
public sealed class PythonServerTests(PythonServerFixture fixture) : IClassFixture<PythonServerFixture>
{
    public static TheoryData<string> Names => InteropCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Case(string name)
    {
        ForeignTools.Require(fixture.Missing);
        using GrpcChannel channel = GrpcEndpoint.Parse(fixture.Address!).CreateChannel();
        await InteropCases.ByName[name](new InteropCases(channel, TestContext.Current.CancellationToken));
    }
}
