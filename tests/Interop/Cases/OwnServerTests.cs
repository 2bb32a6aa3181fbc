using Grpc.Net.Client;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Cases;

/// <summary>Our client against our server, over TCP and over a Unix domain socket.</summary>
public sealed class OwnServerTests(OwnServerFixture fixture) : IClassFixture<OwnServerFixture>
{
    public static TheoryData<string> Names => InteropCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public Task Over_tcp(string name) => RunAsync(name, fixture.Server.Address);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Over_a_unix_socket(string name) => RunAsync(name, fixture.Server.UnixAddress);

    private static async Task RunAsync(string name, string address)
    {
        using GrpcChannel channel = GrpcEndpoint.Parse(address).CreateChannel();
        await InteropCases.ByName[name](new InteropCases(channel, TestContext.Current.CancellationToken));
    }
}
