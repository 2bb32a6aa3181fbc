using System.Globalization;
using Cluster.Cli.Output;

namespace Cluster.Cli.Top;

/// <summary>Lays a snapshot out in lines. Pure.</summary>
internal static class TopLayout
{
    private const int LeastTableLines = 3;
    private const long MebibytesShown = 10L << 30;

    /// <summary>The lines.</summary>
    /// <param name="top">What there is to show.</param>
    /// <param name="width">Characters in a line.</param>
    /// <param name="height">How many lines there is room for.</param>
    /// <param name="zone">In which times are told.</param>
    public static IReadOnlyList<TopRow> Of(TopSnapshot top, int width, int height, TimeZoneInfo zone)
    {
        List<TopRow> rows = [.. Head(top, zone).Select(row => row with { Text = TopTable.Cut(row.Text, width) })];
        var nodes = Nodes(top);
        var jobs = Jobs(top);

        // Blank lines before each table. Jobs get what nodes leave, and half of the rest at least.
        var room = Math.Max(2 * LeastTableLines, height - rows.Count - 2);
        var forNodes = Math.Min(nodes.Count + 1, Math.Max(LeastTableLines, Math.Max(room / 2, room - jobs.Count - 1)));
        rows.Add(new TopRow(""));
        rows.AddRange(nodes.Lines(forNodes, width, "nodes"));
        rows.Add(new TopRow(""));
        rows.AddRange(jobs.Lines(Math.Max(LeastTableLines, room - forNodes), width, top.HasMoreJobs ? "jobs, and others" : "jobs"));
        return rows;
    }

    private static IEnumerable<TopRow> Head(TopSnapshot top, TimeZoneInfo zone)
    {
        var time = TimeZoneInfo.ConvertTime(top.At, zone).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        var up = top.StartedAt is { } begin ? $", up {ProgressText.Duration(top.At > begin ? top.At - begin : TimeSpan.Zero)}" : "";
        yield return new TopRow($"cluster top - {time}  {top.Address}{(top.Coordinator.Length > 0 ? $"  coordinator {top.Coordinator}{up}" : "")}", TopStyle.Heading);
        var slots = top.Slots;
        var others = $"{(slots.Draining > 0 ? $", {slots.Draining} draining" : "")}{(slots.Silent > 0 ? $", {slots.Silent} silent" : "")}";
        var rate = top.Nodes.Sum(static node => node.Rate ?? 0);
        yield return new TopRow(
            $"{Number(top.Nodes.Count, "node")}, {Number(slots.Busy + slots.Free + slots.Draining + slots.Silent, "slot")}: {slots.Busy} busy, {slots.Free} free{others}; {ProgressText.Rate(rate)}; "
            + $"{Number(top.Jobs.Count(static job => job.State == "running"), "job")} running, {top.Jobs.Count(static job => job.State == "queued")} queued");
        if (top.Reconnecting is { } reason)
        {
            yield return new TopRow($"RECONNECTING: {reason}", TopStyle.Problem);
        }
    }

    private static string Number(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static TopTable Nodes(TopSnapshot top)
    {
        var table = new TopTable("NODE", "STATE", ">SLOTS", ">BUSY", ">CHUNKS", ">ITEMS", ">RATE", ">MEMORY");
        foreach (var node in top.Nodes)
        {
            table.Add(
                node.State switch { "ready" => TopStyle.Plain, "draining" => TopStyle.Warning, _ => TopStyle.Problem },
                node.Name, node.State, Count(node.Slots), Count(node.Busy), Count(node.Chunks), Count(node.Items), Rate(node.Rate), Memory(node));
        }

        return table;
    }

    private static TopTable Jobs(TopSnapshot top)
    {
        var table = new TopTable("JOB", "KIND", "STATE", ">DONE", ">TOTAL", ">FAILED", ">RUNNING", ">RATE", ">LEFT", "NAME");
        foreach (var job in top.Jobs)
        {
            var where = job.Pid is { } pid ? $" (process {pid} on {job.Node})" : "";
            table.Add(
                job.WaitingFor is not null ? TopStyle.Warning : TopStyle.Plain,
                job.Job, job.Kind, job.State, Count(job.Done), job.Total is { } total ? Count(total) : "?", Count(job.Failed), Count(job.Running), Rate(job.Rate),
                job.SecondsLeft is { } seconds ? ProgressText.Duration(TimeSpan.FromSeconds(seconds)) : "-",
                $"{job.Name}{where}{(job.WaitingFor is { } reason ? $" - {reason}" : "")}");
        }

        return table;
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Rate(double? rate) => rate is { } known ? ProgressText.Rate(known) : "-";

    private static string Memory(TopNode node) => node is { MemoryBytes: { } used, MemoryLimitBytes: { } limit }
        ? string.Create(CultureInfo.InvariantCulture, $"{Bytes(used)} of {Bytes(limit)}")
        : "-";

    private static string Bytes(long bytes) => bytes < MebibytesShown
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30} GiB");
}
