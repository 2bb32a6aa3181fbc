using System.Globalization;
using System.Security.Cryptography;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Scheduling;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Jobs;

/// <summary>Decides whether a job can be taken, from its spec alone.</summary>
internal static class JobSpecValidator
{
    private const int MaxKeyLength = 64;

    /// <summary>Why the job is refused, or null.</summary>
    /// <param name="spec">What the client wants.</param>
    /// <param name="self">This coordinator and its version, for the message.</param>
    /// <param name="maxItemBytes">The largest item that is taken.</param>
    public static RpcException? Refuse(JobSpec spec, string self, long maxItemBytes)
    {
        if (ProtocolVersion.CheckPeer(self, "client", spec.ProtocolVersion) is { } skew)
        {
            return RichStatus.Unmet("PROTOCOL_VERSION", "protocol_version", skew);
        }

        var fault = JobSpecSize.Check(spec) ?? CheckFunction(spec.Function) ?? CheckInputs(spec, maxItemBytes) ?? CheckTerms(spec);
        return fault is { } wrong ? RichStatus.BadField(wrong.Field, "The job's spec is wrong: " + wrong.Message) : null;
    }

    private static FieldFault? CheckFunction(Function? function)
    {
        if (function is null || function.Type.Length == 0 || function.Method.Length == 0)
        {
            return new FieldFault("function", "`function` must name a type and a method.");
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in function.Code?.Files ?? [])
        {
            if (file.Sha256.Length != SHA256.HashSizeInBytes)
            {
                return new FieldFault("function.code", string.Create(CultureInfo.InvariantCulture, $"`function.code`: the hash of '{file.Name}' has {file.Sha256.Length} bytes; a SHA-256 has {SHA256.HashSizeInBytes}."));
            }

            if (file.Name.Length == 0 || !names.Add(file.Name))
            {
                return new FieldFault("function.code", $"`function.code`: each file needs a name of its own; '{file.Name}' is empty or there twice.");
            }
        }

        return null;
    }

    private static FieldFault? CheckInputs(JobSpec spec, long maxItemBytes)
    {
        if (spec.InputFormat == Format.Unspecified || !Enum.IsDefined(spec.InputFormat))
        {
            return new FieldFault("input_format", $"`input_format` is {spec.InputFormat:D}, which is no format that this coordinator knows (raw 1, bytes 2, utf8 3, proto 4, json 5).");
        }

        if (spec.InputFormat == Format.Raw ? spec.InputStride > maxItemBytes : spec.InputStride != 0)
        {
            return new FieldFault("input_stride", string.Create(
                CultureInfo.InvariantCulture,
                $"`input_stride` is {spec.InputStride} with format {spec.InputFormat}. It is the size of a raw item, at most {maxItemBytes}, and 0 for every other format."));
        }

        if (spec.CapturesInItems && (spec.InputFormat != Format.Bytes || !spec.Function.Target.IsEmpty))
        {
            return new FieldFault("captures_in_items", string.Create(
                CultureInfo.InvariantCulture,
                $"`captures_in_items` goes with `input_format` bytes, not {spec.InputFormat}, and with an empty `function.target`, which has {spec.Function.Target.Length} bytes."));
        }

        return spec.Arguments == Arguments.Unspecified || !Enum.IsDefined(spec.Arguments)
            ? new FieldFault("arguments", $"`arguments` is {spec.Arguments:D}; say how an item becomes arguments (single 1, spread 2, none 3).")
            : null;
    }

    private static FieldFault? CheckTerms(JobSpec spec)
    {
        if (spec.Priority is < JobTerms.MinPriority or > JobTerms.MaxPriority)
        {
            return new FieldFault("priority", string.Create(CultureInfo.InvariantCulture, $"`priority` is {spec.Priority}; it goes from {JobTerms.MinPriority} to {JobTerms.MaxPriority}."));
        }

        if (spec.ChunkSize > int.MaxValue)
        {
            return new FieldFault("chunk_size", string.Create(CultureInfo.InvariantCulture, $"`chunk_size` is {spec.ChunkSize}; at most {int.MaxValue} items make a chunk, and 0 lets the coordinator choose."));
        }

        if (!Enum.IsDefined(spec.OnError))
        {
            return new FieldFault("on_error", $"`on_error` is {spec.OnError:D}, which this coordinator does not know (stop 1, collect 2).");
        }

        if (spec.Process && (spec.PinNodes.Count > 0 || spec.Speculate || spec.Retry is not null))
        {
            return new FieldFault("process", "`process` does not go with `pin_nodes`, `speculate` and `retry`: a process runs once, wherever its labels allow.");
        }

        if (spec.PinNodes.Any(string.IsNullOrEmpty))
        {
            return new FieldFault("pin_nodes", "`pin_nodes` has an empty name.");
        }

        if (spec.PinNodes.Count > 0 && spec.HasExpectedCount && spec.ExpectedCount != (ulong)spec.PinNodes.Count)
        {
            return new FieldFault("expected_count", string.Create(CultureInfo.InvariantCulture, $"`expected_count` is {spec.ExpectedCount}, but `pin_nodes` names {spec.PinNodes.Count} nodes, one per item."));
        }

        if (spec.Key.Length > MaxKeyLength)
        {
            return new FieldFault("key", string.Create(CultureInfo.InvariantCulture, $"`key` has {spec.Key.Length} characters; at most {MaxKeyLength}."));
        }

        if (spec.Speculate && spec.PinNodes.Count > 0)
        {
            return new FieldFault("speculate", "`speculate` does not go with `pin_nodes`: an item that is pinned has no other node to run on.");
        }

        return WireDuration.TryRead(spec.NoNodesTimeout, out _)
            ? CheckAttempts(spec)
            : new FieldFault("no_nodes_timeout", $"`no_nodes_timeout` is {spec.NoNodesTimeout}; a duration has {WireDuration.Rule}.");
    }

    private static FieldFault? CheckAttempts(JobSpec spec)
    {
        if (spec.ItemTimeout is not null && (!WireDuration.TryRead(spec.ItemTimeout, out var timeout) || timeout <= TimeSpan.Zero || timeout > RetryFilter.MaxTimeout))
        {
            return new FieldFault("item_timeout", $"`item_timeout` is {spec.ItemTimeout}; it is more than zero and at most {RetryFilter.MaxTimeout.TotalDays:0} days, or absent.");
        }

        if (spec.Retry is not { } retry)
        {
            return null;
        }

        if (retry.MaxAttempts is < 1 or > RetryFilter.MaxAttempts)
        {
            return new FieldFault("retry.max_attempts", string.Create(CultureInfo.InvariantCulture, $"`retry.max_attempts` is {retry.MaxAttempts}; it goes from 1 to {RetryFilter.MaxAttempts}."));
        }

        foreach (var (name, delay) in new[] { ("delay", retry.Delay), ("max_delay", retry.MaxDelay) })
        {
            if (!WireDuration.TryRead(delay, out var value) || value > RetryFilter.MaxDelay)
            {
                return new FieldFault($"retry.{name}", $"`retry.{name}` is {delay}; it is at most {RetryFilter.MaxDelay.TotalHours:0} hours and not negative.");
            }
        }

        if (!Enum.IsDefined(retry.Backoff))
        {
            return new FieldFault("retry.backoff", $"`retry.backoff` is {retry.Backoff:D}, which this coordinator does not know (constant 1, linear 2, exponential 3).");
        }

        return retry.Handle.Concat(retry.Ignore).Any(string.IsNullOrWhiteSpace)
            ? new FieldFault(retry.Handle.Any(string.IsNullOrWhiteSpace) ? "retry.handle" : "retry.ignore", "`retry.handle` or `retry.ignore` has an empty name.")
            : null;
    }
}
