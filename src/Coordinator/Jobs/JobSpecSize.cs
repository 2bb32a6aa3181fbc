using System.Globalization;
using Cluster.Protocol;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Jobs;

/// <summary>
/// Bounds a job's spec. It reaches nodes wrapped into another message: one that just fits here would exceed what they take, and end the session of
/// every node that the job comes to.
/// </summary>
internal static class JobSpecSize
{
    /// <summary>What is wrong, which part of the spec is to blame, and what to do; null where nothing is.</summary>
    public static FieldFault? Check(JobSpec spec)
    {
        var bytes = spec.CalculateSize();
        if (bytes <= Limits.MaxSpecBytes)
        {
            return null;
        }

        var (field, part, size, remedy) = Parts(spec).MaxBy(static candidate => candidate.Bytes);
        return new FieldFault(field, string.Create(
            CultureInfo.InvariantCulture, $"it has {bytes} bytes; at most {Limits.MaxSpecBytes} travel to the nodes. Of these {size} are {part}. {remedy}"));
    }

    private static IEnumerable<(string Field, string Part, long Bytes, string Remedy)> Parts(JobSpec spec)
    {
        var captures = spec.Function?.Target.Length ?? 0;
        yield return ("function.target", "`function.target`, the values that the function captured", captures, "Pass large values as items, or capture less.");
        yield return ("function", "`function` without its captures", (spec.Function?.CalculateSize() ?? 0) - captures, "Name fewer files of code, or shorter types.");
        yield return ("pin_nodes", "`pin_nodes`", spec.PinNodes.Sum(static name => (long)name.Length), "Pin fewer items in one job, and run several.");
        yield return ("requires", "`requires`", spec.Requires.Sum(static label => (long)label.Key.Length + label.Value.Length), "Require fewer labels.");
        yield return ("name", "`name`", spec.Name.Length, "Give it a shorter name.");
        yield return ("runtime", "`runtime`", spec.Runtime.Length, "Name the runtime only.");
    }
}
