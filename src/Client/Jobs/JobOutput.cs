using System.Globalization;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Lines of output as the user sees them. Those that were dropped leave a line in their place.</summary>
internal static class JobOutput
{
    public static IReadOnlyList<OutputLine> Lines(Output output) =>
    [
        .. output.Dropped.Select(static dropped => new OutputLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"[{dropped.Lines:N0} lines of node {dropped.Node} were dropped: they came faster than this program reads its results.]"),
            IsError: true, dropped.Node, WorkerPid: 0, Index: null)),
        .. output.Lines.Select(line => new OutputLine(
            line.Text, line.Error, line.Node, line.WorkerPid, line.HasIndex ? (long)line.Index : null)),
    ];
}
