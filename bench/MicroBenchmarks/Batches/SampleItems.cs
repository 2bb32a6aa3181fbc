using Cluster.Protocol.V1;

namespace Cluster.MicroBenchmarks.Batches;

/// <summary>Small items of each format.</summary>
internal static class SampleItems
{
    public static T Make<T>(int i) => (T)Make(typeof(T), i);

    private static object Make(Type type, int i) => type switch
    {
        _ when type == typeof(int) => i,
        _ when type == typeof(Guid) => new Guid(i, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
        _ when type == typeof(byte[]) => new byte[32],
        _ when type == typeof(double[]) => new double[] { i, i * 0.5, i * 0.25, 1 },
        _ when type == typeof(string) => $"item number {i:D8} of the job",
        _ when type == typeof(CodeFile) => new CodeFile { Name = "Application", Size = (ulong)i },
        _ when type == typeof((int, string)) => (i, "some text"),
        _ => throw new NotSupportedException($"No sample of {type}."),
    };
}
