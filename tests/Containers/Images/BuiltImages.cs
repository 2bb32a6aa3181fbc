using Cluster.Containers.Engine;

namespace Cluster.Containers.Images;

/// <summary>Every image of deploy/docker/Dockerfile, built as its head comment says, from the sources.</summary>
internal sealed class BuiltImages
{
    /// <summary>The images: each is a target of the Dockerfile.</summary>
    public static readonly string[] All = ["coordinator", "node", "cli"];

    /// <summary>Stands for a commit.</summary>
    private const string Revision = "0123456789abcdef0123456789abcdef01234567";

    /// <summary>Names a folder with programs that were published before, as the Dockerfile's head comment has it: nothing is compiled then.</summary>
    private const string PublishedVariable = "CLUSTER_CONTAINERS_PUBLISHED";

    private static string? PublishedFolder => Environment.GetEnvironmentVariable(PublishedVariable) is { Length: > 0 } folder ? folder : null;

    // Everything is compiled once, on a machine that may have other work.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    /// <summary>The name of an image.</summary>
    public static string Name(string target) => $"localhost/cluster-{target}:test";

    /// <summary>What the images were built as, as a pattern: those that were published before may be of any commit.</summary>
    public static string RevisionPattern => PublishedFolder is null ? Revision : "[0-9a-f]{40}";

    /// <summary>How long all of it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Builds them.</summary>
    public static async Task<BuiltImages> BuildAsync(Podman podman, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var sources = Path.Combine(podman.Folder, "NuGet.Config");

        // What the solution was built with is enough for what is part of it.
        await File.WriteAllTextAsync(
            sources, """<configuration><packageSources><clear/><add key="here" value="/root/.nuget/packages"/></packageSources></configuration>""", cancellationToken);
        string[] published = PublishedFolder is { } folder ? ["--build-context", $"build={folder}"] : [];
        foreach (var target in All)
        {
            // The volumes are for the first stage, which alone runs anything; what it writes to the packages is dropped.
            await podman.RunAsync(
                Patience, cancellationToken,
                ["build", .. published, "--file", Path.Combine(Repository.Root, "deploy", "docker", "Dockerfile"), "--target", target, "--tag", Name(target),
                "--pull=never", "--network=none", "--build-arg", $"REVISION={Revision}",
                "--volume", $"{StandIns.DotnetRoot}:/usr/share/dotnet:ro",
                "--volume", $"{packages}:/root/.nuget/packages:O",
                "--volume", $"{sources}:/root/.nuget/NuGet/NuGet.Config:ro",
                Repository.Root]);
        }

        return new BuiltImages { Elapsed = TimeProvider.System.GetElapsedTime(begun) };
    }
}
