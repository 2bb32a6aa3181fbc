using System.Diagnostics;
using System.Globalization;

namespace Cluster.Functional.Faults;

/// <summary>A network of its own for a node, with one cable to this one. Linux, as root.</summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"cl{Environment.ProcessId}");
    private readonly int _subnet = 1 + (Environment.ProcessId % 250);

    /// <summary>Why there can be none here; null: there can.</summary>
    public static string? Missing => !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "Network namespaces need root on Linux."
        : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") ? "There is no `ip` (package iproute2)."
        : null;

    /// <summary>This side of the cable.</summary>
    public string Host => $"10.231.{_subnet}.1";

    /// <summary>Runs a command in it.</summary>
    public string[] Wrapper => ["ip", "netns", "exec", _name];

    public static async Task<NetworkNamespace> CreateAsync()
    {
        var created = new NetworkNamespace();
        await IpAsync($"netns add {created._name}");
        await IpAsync($"link add {created._name}h type veth peer name {created._name}n netns {created._name}");
        await IpAsync($"address add {created.Host}/30 dev {created._name}h");
        await IpAsync($"link set {created._name}h up");
        await IpAsync($"-n {created._name} address add 10.231.{created._subnet}.2/30 dev {created._name}n");
        await IpAsync($"-n {created._name} link set {created._name}n up");
        await IpAsync($"-n {created._name} link set lo up");
        return created;
    }

    /// <summary>Pulls the cable.</summary>
    public Task PartitionAsync() => IpAsync($"link set {_name}h down");

    /// <summary>Plugs it in again.</summary>
    public Task HealAsync() => IpAsync($"link set {_name}h up");

    public async ValueTask DisposeAsync()
    {
        await IpAsync($"link delete {_name}h");
        await IpAsync($"netns delete {_name}");
    }

    private static async Task IpAsync(string arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = await ip.StandardError.ReadToEndAsync();
        await ip.WaitForExitAsync();
        if (ip.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {arguments}: {error}");
        }
    }
}
