using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Cluster.Interop.Cases;
using Cluster.Interop.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Cluster.Interop.Transport;

public sealed class TlsTests
{
    [Fact]
    public async Task Calls_work_over_tls_and_an_unknown_certificate_is_refused()
    {
        using X509Certificate2 certificate = SelfSigned();
        await using InteropServer server = await InteropServer.StartAsync(builder =>
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate)));
        });
        string address = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(a => a.StartsWith("https:", StringComparison.Ordinal));
        SocketsHttpHandler handler = GrpcEndpoint.Parse(address).CreateHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, seen, _, _) => seen!.GetCertHashString() == certificate.GetCertHashString();
        using GrpcChannel channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, Credentials = ChannelCredentials.SecureSsl });
        var cases = new InteropCases(channel, TestContext.Current.CancellationToken);
        await InteropCases.ByName["large_unary"](cases);
        await InteropCases.ByName["ping_pong"](cases);

        using GrpcChannel wary = GrpcEndpoint.Parse(address).CreateChannel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            async () => await new TestService.TestServiceClient(wary).EmptyCallAsync(new Empty(), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        Assert.Contains("certificate", e.Status.Detail, StringComparison.OrdinalIgnoreCase);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
