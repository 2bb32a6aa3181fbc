using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Lines of output as the user sees them.</summary>
internal static class JobOutput
{
    public static IReadOnlyList<OutputLine> Lines(Output output) =>
    [
        .. output.Lines.Select(line => new OutputLine(
            line.Text, line.Error, line.Node, line.WorkerPid, line.HasIndex ? (long)line.Index : null)),
    ];
}
