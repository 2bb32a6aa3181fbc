using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

namespace Cluster.Coordinator.Scaling.Pods;

/// <summary>The part of the Kubernetes API that is needed: annotations of the pods of one namespace, by PATCH.</summary>
internal sealed partial class PodApi : IDisposable
{
    /// <summary>Where a pod finds its token, its namespace and the API server's authority.</summary>
    public const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string Annotation = "controller.kubernetes.io/pod-deletion-cost";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly Uri _pods;
    private readonly string _tokenFile;

    /// <param name="server">The API server.</param>
    /// <param name="accountFolder">As <see cref="AccountFolder"/>.</param>
    /// <exception cref="IOException">A file is not there, or cannot be read.</exception>
    public PodApi(Uri server, string accountFolder)
    {
        var name = File.ReadAllText(Path.Combine(accountFolder, "namespace")).Trim();
        _pods = new Uri(server, $"/api/v1/namespaces/{Uri.EscapeDataString(name)}/pods/");
        _tokenFile = Path.Combine(accountFolder, "token");
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Path.Combine(accountFolder, "ca.crt"));
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = Trust(authorities),
            },
        })
        {
            Timeout = Patience,
        };
    }

    /// <summary>The API of the cluster that this process is a pod of.</summary>
    /// <exception cref="InvalidOperationException">It is none, or has no token.</exception>
    public static PodApi OfThisPod(Func<string, string?> environment)
    {
        if (environment("KUBERNETES_SERVICE_HOST") is not { Length: > 0 } host || !File.Exists(Path.Combine(AccountFolder, "token")))
        {
            throw new InvalidOperationException(
                "--pod-deletion-cost needs the Kubernetes API, and this is no pod with a token for it: set automountServiceAccountToken, as deploy/k8s/components/deletion-cost does.");
        }

        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return new PodApi(new Uri($"https://{authority}:{environment("KUBERNETES_SERVICE_PORT") ?? "443"}"), AccountFolder);
    }

    /// <summary>Whether there can be a pod of such a name.</summary>
    public static bool IsPodName(string name) => PodName().IsMatch(name);

    /// <summary>Says what a pod costs.</summary>
    /// <returns>False: there is no such pod.</returns>
    /// <exception cref="HttpRequestException">The API does not answer, or does not let this happen; the message says which.</exception>
    public async Task<bool> TrySetCostAsync(string pod, int cost, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, new Uri(_pods, pod));

        // The kubelet writes a new one every hour or so.
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_tokenFile, cancellationToken)).Trim());
        request.Content = new StringContent(
            string.Create(CultureInfo.InvariantCulture, $$$$"""{"metadata":{"annotations":{"{{{{Annotation}}}}":"{{{{cost}}}}"}}}"""), Encoding.UTF8, "application/merge-patch+json");
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }

        if (!response.IsSuccessStatusCode)
        {
            var advice = response.StatusCode == HttpStatusCode.Forbidden ? " Its ServiceAccount needs a Role that may patch pods." : "";
            throw new HttpRequestException($"The Kubernetes API answered {(int)response.StatusCode} ({response.ReasonPhrase}).{advice}", null, response.StatusCode);
        }

        return true;
    }

    public void Dispose() => _client.Dispose();

    private static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        // The authority is the cluster's own, and publishes no lists of what it has revoked.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    [GeneratedRegex("""^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$""")]
    private static partial Regex PodName();
}
