using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>Whether two submissions ask for the same: whoever starts a program again, compiled again perhaps, means the job that it has submitted already.</summary>
internal static class SameRequest
{
    /// <summary>Compares what was asked for, not the content of code, nor what differs from call to call.</summary>
    public static bool Is(JobSpec left, JobSpec right) => Essence(left).Equals(Essence(right));

    private static JobSpec Essence(JobSpec spec)
    {
        var essence = new JobSpec(spec) { ProtocolVersion = 0, Key = "", Traceparent = "", Runtime = "" };
        (essence.Function.Code, essence.Function.Token) = (null, 0);
        return essence;
    }
}
