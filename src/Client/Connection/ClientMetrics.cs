using System.Diagnostics.Metrics;

namespace Cluster.Client.Connection;

/// <summary>What clients count, under the meter <c>Cluster.Client</c>.</summary>
internal static class ClientMetrics
{
    public static readonly Meter Meter = new("Cluster.Client");

    public static readonly Counter<long> Redials = Meter.CreateCounter<long>(
        "cluster.client.redials", "{attempt}", "Times that a job dialled again because there was no coordinator.");

    public static readonly Counter<long> Reconnects = Meter.CreateCounter<long>(
        "cluster.client.reconnects", "{job}", "Jobs that went on after their connection had broken.");
}
