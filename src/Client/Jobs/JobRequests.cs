using Cluster.Client.Connection;
using Cluster.Client.Functions;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using V1OnError = Cluster.Protocol.V1.OnError;

namespace Cluster.Client.Jobs;

/// <summary>Puts together what a job is to do: the function, how its items travel, and the options.</summary>
internal static class JobRequests
{
    private static readonly string Runtime = $".NET {Environment.Version.Major}.{Environment.Version.Minor}";

    public static JobRequest ForMap(
        ClusterConnection connection, Delegate function, Format format, int stride, Arguments arguments, MapOptions options, V1OnError onError, long? total) =>
        ForMap(connection, connection.Shipper.Ship(function), format, stride, arguments, options, onError, total);

    public static JobRequest ForMap(
        ClusterConnection connection, ShippedFunction function, Format format, int stride, Arguments arguments, MapOptions options, V1OnError onError, long? total)
    {
        var request = ForTasks(connection, function, format, stride, arguments, options);
        var spec = request.Spec;
        spec.WantStarted = false;
        spec.ChunkSize = (uint)(options.ChunkSize ?? 0);
        spec.OnError = onError;
        spec.Speculate = options.Speculate;
        spec.WantProgress = options.Progress is not null;
        if (total is { } count)
        {
            spec.ExpectedCount = (ulong)count;
        }

        return request with { OnProgress = options.Progress, Total = total };
    }

    public static JobRequest ForTasks(
        ClusterConnection connection, ShippedFunction shipped, Format format, int stride, Arguments arguments, TaskOptions options)
    {
        var spec = new JobSpec
        {
            ProtocolVersion = ProtocolVersion.Current,
            Name = options.Name ?? "",
            Function = shipped.Message,
            InputFormat = format,
            InputStride = (uint)stride,
            Arguments = arguments,
            Priority = options.Priority,
            OnError = V1OnError.Collect,
            WantOutput = true,
            WantStarted = true,
            NoNodesTimeout = Duration.FromTimeSpan(options.NoNodesTimeout ?? connection.Options.NoNodesTimeout),
            Runtime = Runtime,
            Traceparent = JobSpan.Caller,
            ItemTimeout = options.Timeout?.ToDuration(),
            Retry = options.Retry is { } retry ? ToPolicy(retry) : null,
        };
        foreach (var (label, value) in options.Requires ?? new Dictionary<string, string>())
        {
            spec.Requires.Add(label, value);
        }

        return new JobRequest { Spec = spec, Code = shipped.Files, Target = shipped.Target, OnOutput = options.OnOutput };
    }

    private static RetryPolicy ToPolicy(RetryOptions retry)
    {
        var policy = new RetryPolicy
        {
            MaxAttempts = (uint)retry.MaxAttempts,
            Delay = retry.Delay.ToDuration(),
            MaxDelay = retry.MaxDelay.ToDuration(),
            Jitter = retry.UseJitter,
            Backoff = retry.Backoff switch
            {
                RetryBackoff.Constant => Backoff.Constant,
                RetryBackoff.Linear => Backoff.Linear,
                _ => Backoff.Exponential,
            },
        };
        policy.Handle.AddRange(retry.Handle.Select(type => type.Name));
        policy.Ignore.AddRange(retry.Ignore.Select(type => type.Name));
        return policy;
    }

    /// <summary>How items travel, once it is clear that they can.</summary>
    /// <exception cref="FunctionNotShippableException">They cannot.</exception>
    public static ItemCodec<TItem> InputCodec<TItem>(Delegate function, Arguments arguments)
    {
        ArgumentCheck.Require<TItem>(function, arguments);
        return ItemCodec.For<TItem>();
    }
}
