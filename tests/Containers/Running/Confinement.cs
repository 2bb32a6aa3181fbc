using System.Globalization;

namespace Cluster.Containers.Running;

/// <summary>The restrictions of the pods of deploy/k8s, as options of a container.</summary>
internal static class Confinement
{
    // Whatever becomes of the test.
    private const int LongestLifeSeconds = 600;

    /// <summary>Nothing is granted, and only <c>/tmp</c> and <c>/dev/shm</c> can be written to. The user is the image's.</summary>
    public static IReadOnlyList<string> Options(double cpus, int memoryMebibytes) =>
    [
        "--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp:rw,mode=1777,size=256m", "--cap-drop=ALL", "--security-opt=no-new-privileges",
        string.Create(CultureInfo.InvariantCulture, $"--cpus={cpus}"),
        string.Create(CultureInfo.InvariantCulture, $"--memory={memoryMebibytes}m"),
        string.Create(CultureInfo.InvariantCulture, $"--memory-swap={memoryMebibytes}m"),
        string.Create(CultureInfo.InvariantCulture, $"--timeout={LongestLifeSeconds}"),
        "--env=TMPDIR=/tmp", "--env=HOME=/tmp", "--pull=never",
    ];
}
