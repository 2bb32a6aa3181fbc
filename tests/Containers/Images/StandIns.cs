using System.Diagnostics;
using Cluster.Containers.Engine;

namespace Cluster.Containers.Images;

/// <summary>The base images that deploy/docker/Dockerfile names, made of this machine's own files: there may be no registry to pull from.</summary>
internal static class StandIns
{
    public const string Sdk = "mcr.microsoft.com/dotnet/sdk:10.0";
    public const string Runtime = "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled";
    public const string NodeRuntime = "mcr.microsoft.com/dotnet/aspnet:10.0-noble";

    /// <summary>The .NET that runs this test.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));

    /// <summary>Makes them.</summary>
    public static async Task BuildAsync(Podman podman, CancellationToken cancellationToken)
    {
        var recipe = Path.Combine(Repository.Root, "tests", "Containers", "Images");
        var roots = Path.Combine(podman.Folder, "stand-ins");
        using (var gather = Process.Start(new ProcessStartInfo(Path.Combine(recipe, "gather"), [DotnetRoot, roots]) { RedirectStandardError = true })!)
        {
            var error = await gather.StandardError.ReadToEndAsync(cancellationToken);
            await gather.WaitForExitAsync(cancellationToken);
            if (gather.ExitCode != 0)
            {
                throw new InvalidOperationException($"tests/Containers/Images/gather failed: {error}");
            }
        }

        foreach (var (target, name) in new[] { ("runtime", Runtime), ("tools", NodeRuntime), ("sdk", Sdk) })
        {
            await podman.RunAsync(cancellationToken, "build", "--file", Path.Combine(recipe, "Containerfile"), "--target", target, "--tag", name, roots);
        }

        Directory.Delete(roots, recursive: true);
    }
}
