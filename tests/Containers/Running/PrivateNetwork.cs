using Cluster.Containers.Engine;

namespace Cluster.Containers.Running;

/// <summary>A bridge of this machine that nothing but a test's containers is at.</summary>
internal sealed class PrivateNetwork : IAsyncDisposable
{
    private readonly Podman _podman;
    private readonly string _prefix;
    private int _hosts = 9;

    private PrivateNetwork(Podman podman, string name, string prefix)
    {
        _podman = podman;
        Name = name;
        _prefix = prefix;
    }

    public string Name { get; }

    public static async Task<PrivateNetwork> CreateAsync(Podman podman, CancellationToken cancellationToken)
    {
        var name = PodmanSettings.NetworkName(Guid.NewGuid().ToString("N")[..8]);
        await podman.RunAsync(cancellationToken, "network", "create", name);

        // "10.89.3.0/24"
        var subnet = await podman.RunAsync(cancellationToken, "network", "inspect", name, "--format", "{{(index .Subnets 0).Subnet}}");
        return new PrivateNetwork(podman, name, subnet[..(subnet.LastIndexOf('.') + 1)]);
    }

    /// <summary>An address that nobody has.</summary>
    public string NextAddress() => $"{_prefix}{++_hosts}";

    public async ValueTask DisposeAsync() => await _podman.RunAsync(CancellationToken.None, "network", "rm", "--force", Name);
}
