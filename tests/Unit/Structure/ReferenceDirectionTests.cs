using System.Xml.Linq;
using Xunit;

namespace Cluster.Unit.Structure;

/// <summary>Who may reference whom, as the layout in docs/architecture.md says.</summary>
public sealed class ReferenceDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Cluster.Grpc.Client"] = [],
        ["Cluster.Grpc.Server"] = ["Cluster.Grpc.Client"],
        ["Cluster.Protocol"] = [],
        ["Cluster.Telemetry"] = [],
        ["Cluster.Client"] = ["Cluster.Protocol"],
        ["Cluster.Compiler"] = ["Cluster.Client", "Cluster.Protocol"],
        ["Cluster.Coordinator"] = ["Cluster.Compiler", "Cluster.Protocol", "Cluster.Telemetry"],
        ["Cluster.Worker"] = ["Cluster.Client", "Cluster.Protocol", "Cluster.Telemetry"],
        ["Cluster.Node"] = ["Cluster.Protocol", "Cluster.Telemetry", "Cluster.Worker"],
        ["Cluster.Local"] = ["Cluster.Client", "Cluster.Compiler", "Cluster.Coordinator", "Cluster.Node", "Cluster.Worker"],
        ["Cluster.Cli"] = ["Cluster.Client", "Cluster.Local", "Cluster.Protocol"],
    };

    public static TheoryData<string> SourceProjects() => [.. Repository.Files("src", "*.csproj")];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_project_references_only_what_the_layout_allows(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{name} is new: say in this test and in docs/architecture.md what it may reference.");

        var references = XDocument.Load(Path.Combine(Repository.Root, path))
            .Descendants("ProjectReference")
            .Where(reference => reference.Attribute("Include") is not null)
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_allowed_project_exists() =>
        Assert.Equal(Allowed.Keys.Order(), Repository.Files("src", "*.csproj").Select(Path.GetFileNameWithoutExtension).Order());

    [Fact]
    public void The_scheduler_decides_without_sockets_tasks_or_clocks()
    {
        string[] edges = ["System.Net", "System.IO", "System.Threading.Channels", "Grpc.", "Google.Protobuf", "Microsoft.AspNetCore", "System.Threading.Tasks", "Cluster.Protocol"];
        var offenders =
            from path in Repository.Files("src/Coordinator/Scheduling", "*.cs")
            from line in File.ReadLines(Path.Combine(Repository.Root, path))
            where edges.Any(edge => line.StartsWith($"using {edge}", StringComparison.Ordinal))
            select $"{path}: {line}";
        Assert.Empty(offenders);
    }
}
