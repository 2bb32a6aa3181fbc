using Cluster.Protocol.Memory;

namespace Cluster.Client.Memory;

/// <summary>With whom the segments that this process makes end: a program's with it, a task's with its node.</summary>
internal static class SharedMemoryOwner
{
    private static readonly Lock Gate = new();
    private static SegmentOwner? _own;

    public static string IdIn(SegmentFolder folder)
    {
        if (Environment.GetEnvironmentVariable(SegmentOwner.Variable) is { } node && SegmentOwner.IsKnown(folder, node))
        {
            return node;
        }

        lock (Gate)
        {
            if (_own is null)
            {
                _own = SegmentOwner.Register(folder);

                // One that is killed leaves them to the next sweep.
                AppDomain.CurrentDomain.ProcessExit += static (_, _) => _own.Dispose();
            }

            return _own.Id;
        }
    }
}
