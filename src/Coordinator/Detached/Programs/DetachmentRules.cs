using System.Globalization;
using Cluster.Coordinator.Errors;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Which jobs of programs can be kept, from their spec alone.</summary>
internal static class DetachmentRules
{
    /// <summary>The most items of a job: where each answer is takes a little memory while the job runs or is read.</summary>
    public const ulong MaxItems = 1 << 24;

    /// <summary>The longest text by which a submission is known.</summary>
    public const int MaxRequestIdLength = 128;

    private const int LeastKeyLength = 16;
    private const int MaxLabels = 64;
    private const int MaxLabelLength = 256;

    /// <summary>Refuses a job that cannot be kept.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT, with the reason.</exception>
    public static void Require(JobSpec spec)
    {
        if (spec.Process || spec.PinNodes.Count > 0)
        {
            throw RichStatus.BadField("detach", "A job that is kept is no process (`process`), and its items run on any node (`pin_nodes`): which nodes there will be when it runs, nobody knows.");
        }

        if (spec.Key.Length < LeastKeyLength)
        {
            throw RichStatus.BadField("key", string.Create(CultureInfo.InvariantCulture, $"A job that is kept needs a `key` of at least {LeastKeyLength} random characters, by which its client finds it again."));
        }

        RequireRequestId(spec.Detach.RequestId);
        RequireLabels(spec.Detach.Labels, "detach.labels");
    }

    /// <summary>Refuses labels that are too many or too long.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static void RequireLabels(IReadOnlyCollection<KeyValuePair<string, string>> labels, string field)
    {
        if (labels.Count > MaxLabels || labels.Any(static label => label.Key.Length is 0 or > MaxLabelLength || label.Value.Length > MaxLabelLength))
        {
            throw RichStatus.BadField(field, string.Create(CultureInfo.InvariantCulture, $"A job has {MaxLabels} labels at most, of at most {MaxLabelLength} characters each, and none without a name."));
        }
    }

    /// <summary>Refuses a text that is too long.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static void RequireRequestId(string requestId)
    {
        if (requestId.Length > MaxRequestIdLength)
        {
            throw RichStatus.BadField("request_id", string.Create(CultureInfo.InvariantCulture, $"`request_id` has {requestId.Length} characters; at most {MaxRequestIdLength}."));
        }
    }
}
