using Cluster.Unit.Structure;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

public sealed class PurityTests
{
    [Fact]
    public void Objects_decide_without_sockets_tasks_clocks_or_chance()
    {
        string[] edges =
        [
            "System.Net", "System.IO", "System.Threading", "Grpc.", "Microsoft.", "TimeProvider", "DateTime", "Task", "async ", "Random", "Guid", "Stopwatch", "lock (", "static readonly Dictionary",
        ];
        var offenders =
            from path in Repository.Files("src/Coordinator/Objects", "*.cs")
            from line in File.ReadLines(Path.Combine(Repository.Root, path))
            let code = line.TrimStart()
            where !code.StartsWith("//", StringComparison.Ordinal)
            // Queues have tasks of their own.
            let words = code.Replace("TaskDone", "", StringComparison.Ordinal)
            where edges.Any(edge => words.Contains(edge, StringComparison.Ordinal))
            select $"{path}: {line}";
        Assert.Empty(offenders);
    }
}
