using Cluster.Containers.Images;
using Cluster.TestKit.Processes;

namespace Cluster.Containers.Engine;

/// <summary>What this machine needs for containers.</summary>
internal static class EngineNeeds
{
    private static readonly string[] Programs = ["podman", "runc", "iptables", "ldd", "tar"];

    /// <summary>What is missing, without trying; null: nothing.</summary>
    public static string? FindMissing()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "No image was built and no container run: that needs root on Linux.";
        }

        var missing = Programs.Where(static program => InstalledProgram.Find(program) is null).ToArray();
        return missing.Length == 0 ? null : $"No image was built and no container run: there is no {string.Join(", no ", missing)}. Run .ci/install, as root.";
    }

    /// <summary>Runs the smallest container with what the tests use: a kernel may lack any of it.</summary>
    /// <returns>What the engine says, where it cannot; null: it can.</returns>
    public static async Task<string?> TryAsync(Podman podman, CancellationToken cancellationToken)
    {
        var network = PodmanSettings.NetworkName("probe");
        try
        {
            await podman.RunAsync(cancellationToken, "network", "create", network);
            await podman.RunAsync(
                cancellationToken,
                "run", "--rm", "--network", network, "--user", "1654:1654", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--memory=64m", "--cpus=0.5",
                StandIns.NodeRuntime, "sh", "-c", "id");
            return null;
        }
        catch (PodmanException exception)
        {
            return $"No image was built and no container run: the engine cannot do it on this machine. {exception.Message}";
        }
    }
}
