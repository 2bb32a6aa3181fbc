using System.Globalization;

namespace Cluster.Functional.Hosts;

/// <summary>Several hosts at one switch: network namespaces with a cable each to a bridge of this machine. Linux, as root.</summary>
internal sealed class HostNetwork : IAsyncDisposable
{
    private static int _networks;

    private readonly List<Host> _hosts = [];
    private readonly string _bridge;
    private readonly string _prefix;

    private HostNetwork()
    {
        // Names of interfaces have 15 characters at most. Other runs may be at work on this machine.
        var number = Interlocked.Increment(ref _networks);
        _bridge = string.Create(CultureInfo.InvariantCulture, $"cb{Environment.ProcessId}-{number}");
        _prefix = string.Create(CultureInfo.InvariantCulture, $"10.{232 + (number % 8)}.{Environment.ProcessId % 250}.");
    }

    /// <summary>Why there can be none here; null: there can.</summary>
    public static string? Missing => Faults.NetworkNamespace.Missing ?? (Command.IsThere("iptables") ? null : "There is no `iptables` (package iptables).");

    /// <summary>This machine's own address at the switch.</summary>
    public string Here => $"{_prefix}1";

    public static async Task<HostNetwork> CreateAsync()
    {
        var network = new HostNetwork();
        await Command.RunAsync($"ip link add {network._bridge} type bridge");
        await Command.RunAsync($"ip address add {network.Here}/24 dev {network._bridge}");
        await Command.RunAsync($"ip link set {network._bridge} up");
        return network;
    }

    /// <summary>Connects another host.</summary>
    public async Task<Host> AddAsync()
    {
        var number = _hosts.Count + 2;
        var host = new Host(string.Create(CultureInfo.InvariantCulture, $"{_bridge}-{number}"), string.Create(CultureInfo.InvariantCulture, $"{_prefix}{number}"));
        _hosts.Add(host);
        await host.ConnectAsync(_bridge);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Command.RunAsync($"ip link delete {_bridge}");
    }
}
