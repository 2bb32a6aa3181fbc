using System.Globalization;

namespace Cluster.Containers.Engine;

/// <summary>How podman is set up where neither systemd nor a whole machine can be taken for granted.</summary>
internal static class PodmanSettings
{
    private const string Containers = "containers.conf";
    private const string Storage = "storage.conf";
    private const string Registries = "registries.conf";

    private const long Enough = 20_000;

    // Networks are known by name to the whole machine.
    private static readonly string NetworkPrefix = string.Create(CultureInfo.InvariantCulture, $"cluster-test-{Environment.ProcessId}-");

    /// <summary>A name for a network that no other run uses.</summary>
    public static string NetworkName(string name) => NetworkPrefix + name;

    /// <summary>Whether a network is one of this run's.</summary>
    public static bool IsOwnNetwork(string name) => name.StartsWith(NetworkPrefix, StringComparison.Ordinal);

    /// <summary>Writes them into a folder.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        var limits = await File.ReadAllLinesAsync("/proc/self/limits", cancellationToken);

        // There is no static_dir: the process that sees to a container's end would look elsewhere, and everybody who waits for it waits for twenty seconds.
        // runc takes hybrid cgroups, which crun refuses. The limits that podman sets by default may be beyond those of this process, or of podman's own
        // helpers (32768 processes): then no container starts.
        await File.WriteAllTextAsync(
            Path.Combine(folder, Containers),
            $"""
            [containers]
            default_ulimits = ["nofile={Hard(limits, "Max open files")}", "nproc={Hard(limits, "Max processes")}"]
            log_driver = "k8s-file"
            pids_limit = 2048

            [engine]
            runtime = "runc"
            cgroup_manager = "cgroupfs"
            events_logger = "file"
            lock_type = "file"
            tmp_dir = "{folder}/tmp"
            volume_path = "{folder}/volumes"

            [network]
            network_config_dir = "{folder}/networks"

            """,
            cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, Storage),
            $"""
            [storage]
            driver = "overlay"
            graphroot = "{folder}/storage"
            runroot = "{folder}/run"

            """,
            cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, Registries), "unqualified-search-registries = []\nshort-name-mode = \"disabled\"\n", cancellationToken);
    }

    /// <summary>Has a command use them.</summary>
    public static void Use(string folder, IDictionary<string, string?> environment)
    {
        environment["CONTAINERS_CONF"] = Path.Combine(folder, Containers);
        environment["CONTAINERS_STORAGE_CONF"] = Path.Combine(folder, Storage);
        environment["CONTAINERS_REGISTRIES_CONF"] = Path.Combine(folder, Registries);
    }

    // "Max open files            20000                20000                files"
    private static string Hard(string[] limits, string name)
    {
        var columns = limits.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var limit = columns[1] == "unlimited" ? Enough : Math.Min(Enough, long.Parse(columns[1], CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $"{limit}:{limit}");
    }
}
