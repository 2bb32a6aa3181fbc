using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Cluster.TestKit.Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>The API server as a pod sees it: TLS by an authority of its own, a token, and pods that can be patched.</summary>
internal sealed class FakePodApi : IAsyncDisposable
{
    private const string Namespace = "work";

    private readonly TestAuthority _authority = new("kubernetes");
    private readonly DirectoryInfo _account = Directory.CreateTempSubdirectory("cluster-account-");
    private readonly Channel<(string Pod, string Cost)> _patches = Channel.CreateUnbounded<(string Pod, string Cost)>();
    private readonly WebApplication _application;

    public FakePodApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_authority.IssueServer("127.0.0.1").Load())));
        _application = builder.Build();
        _application.MapMethods($"/api/v1/namespaces/{Namespace}/pods/{{pod}}", ["PATCH"], PatchAsync);
        File.WriteAllText(Path.Combine(AccountFolder, "namespace"), Namespace);
        File.Copy(_authority.File, Path.Combine(AccountFolder, "ca.crt"));
        Renew("first");
    }

    public string AccountFolder => _account.FullName;

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>What is answered to the next requests, rather than what is right.</summary>
    public ConcurrentQueue<int> Refusals { get; } = new();

    /// <summary>The pods that there are.</summary>
    public ConcurrentDictionary<string, bool> Pods { get; } = new();

    public Task StartAsync(CancellationToken cancellationToken) => _application.StartAsync(cancellationToken);

    /// <summary>Gives the account another token; the old one is worth nothing any more.</summary>
    public void Renew(string token) => File.WriteAllText(Path.Combine(AccountFolder, "token"), token + "\n");

    /// <summary>The next patch that was accepted.</summary>
    public async Task<(string Pod, string Cost)> NextAsync(CancellationToken cancellationToken) => await _patches.Reader.ReadAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _authority.Dispose();
        _account.Delete(recursive: true);
    }

    private async Task<IResult> PatchAsync(string pod, HttpRequest request)
    {
        if (request.Headers.Authorization != $"Bearer {(await File.ReadAllTextAsync(Path.Combine(AccountFolder, "token"))).Trim()}")
        {
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        }

        if (Refusals.TryDequeue(out var status))
        {
            return Results.StatusCode(status);
        }

        if (request.ContentType != "application/merge-patch+json; charset=utf-8")
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        if (!Pods.ContainsKey(pod))
        {
            return Results.NotFound();
        }

        using var patch = await JsonDocument.ParseAsync(request.Body);
        var annotation = patch.RootElement.GetProperty("metadata").GetProperty("annotations").EnumerateObject().Single();
        await _patches.Writer.WriteAsync((pod, $"{annotation.Name}={annotation.Value.GetString()}"));
        return Results.Ok();
    }
}
