using System.Globalization;

namespace Cluster.Functional.Hosts;

/// <summary>A host at a switch, and what can happen to its cable. Nothing of it is seen by the programs but that packets do not come, or late.</summary>
/// <param name="name">Of its namespace, and of the switch's end of its cable.</param>
/// <param name="address">Its address.</param>
internal sealed class Host(string name, string address) : IAsyncDisposable
{
    private bool _isShaped;

    public string Address => address;

    /// <summary>Runs a command there.</summary>
    public string[] Wrapper => ["ip", "netns", "exec", name];

    /// <summary>Lays the cable.</summary>
    public async Task ConnectAsync(string bridge)
    {
        await Command.RunAsync($"ip netns add {name}");
        await Command.RunAsync($"ip link add {name} type veth peer name eth0 netns {name}");
        await Command.RunAsync($"ip link set {name} master {bridge} up");
        await Command.RunAsync($"ip -n {name} address add {address}/24 dev eth0");
        await Command.RunAsync($"ip -n {name} link set eth0 up");
        await Command.RunAsync($"ip -n {name} link set lo up");
    }

    /// <summary>Pulls the cable.</summary>
    public Task CutAsync() => Command.RunAsync($"ip link set {name} down");

    /// <summary>The host hears nothing any more; what it says is heard.</summary>
    public Task DeafenAsync() => FilterAsync("INPUT", "-j DROP");

    /// <summary>Nobody hears the host any more; it hears the others.</summary>
    public Task MuteAsync() => FilterAsync("OUTPUT", "-j DROP");

    /// <summary>Loses such a share of the packets, of both directions.</summary>
    public async Task LoseAsync(double share)
    {
        var rule = string.Create(CultureInfo.InvariantCulture, $"-m statistic --mode random --probability {share} -j DROP");
        await FilterAsync("INPUT", rule);
        await FilterAsync("OUTPUT", rule);
    }

    /// <summary>Delays what the host says.</summary>
    /// <returns>How, for reports: not every kernel can keep single packets back.</returns>
    public async Task<string> DelayAsync()
    {
        _isShaped = true;
        const string Netem = "netem delay 150ms 50ms", Slow = "tbf rate 2mbit burst 3kb latency 700ms";
        if (await Command.TryAsync($"tc -n {name} qdisc add dev eth0 root {Netem}") is null)
        {
            return Netem;
        }

        await Command.RunAsync($"tc -n {name} qdisc add dev eth0 root {Slow}");
        return Slow;
    }

    /// <summary>Resets every connection that the host has with another.</summary>
    public Task ResetAsync(Host other) => Command.RunAsync($"ip netns exec {name} ss --kill --tcp dst {other.Address}");

    /// <summary>All is well again.</summary>
    public async Task HealAsync()
    {
        await Command.RunAsync($"ip link set {name} up");
        await Command.RunAsync($"ip netns exec {name} iptables --wait --flush");
        if (_isShaped)
        {
            _isShaped = false;
            await Command.RunAsync($"tc -n {name} qdisc delete dev eth0 root");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync($"ip link delete {name}");
        await Command.RunAsync($"ip netns delete {name}");
    }

    private Task FilterAsync(string chain, string rule) => Command.RunAsync($"ip netns exec {name} iptables --wait --append {chain} {rule}");
}
