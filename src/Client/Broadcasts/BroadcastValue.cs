using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Broadcasts;

/// <summary>A value that tasks of this process were given: one for all that have it, for as long as one of them does.</summary>
/// <typeparam name="T">The value.</typeparam>
internal sealed class BroadcastValue<T>
{
    // Then those that nobody has any more are taken out.
    private const int FirstSweep = 64;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<ByteString, WeakReference<BroadcastValue<T>>> Known = [];
    private static int _sweepAt = FirstSweep;

    private readonly Func<CodeFile, string> _fetch;
    private readonly CodeFile _file;
    private readonly Lock _gate = new();
    private T? _value;
    private bool _isRead;

    private BroadcastValue(CodeFile file, Func<CodeFile, string> fetch) => (_file, _fetch) = (file, fetch);

    /// <summary>It; whoever asks first waits for it, and the others for them. What fails is tried again by the next.</summary>
    public T Value
    {
        get
        {
            lock (_gate)
            {
                if (!_isRead)
                {
                    _value = BroadcastFile.Read<T>(_fetch(_file));
                    _isRead = true;
                }

                return _value!;
            }
        }
    }

    /// <summary>The one of a file.</summary>
    /// <exception cref="InvalidOperationException">This process runs no tasks.</exception>
    public static BroadcastValue<T> Of(CodeFile file)
    {
        var fetch = TaskCluster.FetchBroadcast;
        lock (Gate)
        {
            if (Known.TryGetValue(file.Sha256, out var known) && known.TryGetTarget(out var value))
            {
                return value;
            }

            if (Known.Count >= _sweepAt)
            {
                foreach (var (gone, _) in Known.Where(static entry => !entry.Value.TryGetTarget(out _)).ToList())
                {
                    Known.Remove(gone);
                }

                _sweepAt = Math.Max(FirstSweep, 2 * Known.Count);
            }

            value = new BroadcastValue<T>(file, fetch);
            Known[file.Sha256] = new WeakReference<BroadcastValue<T>>(value);
            return value;
        }
    }
}
