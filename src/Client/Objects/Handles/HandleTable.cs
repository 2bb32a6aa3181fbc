using Cluster.Client.Objects.Sessions;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Objects.Handles;

/// <summary>
/// The objects that tasks of this process were given, one handle for each however often it arrives, for as long as somebody here has it.
/// </summary>
internal sealed class HandleTable(ObjectSession session)
{
    // Then those that nobody has any more are taken out.
    private const int FirstSweep = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<ByteString, WeakReference<ObjectHandle>> _handles = [];
    private int _sweepAt = FirstSweep;

    /// <summary>The handle for an object.</summary>
    /// <param name="open">How to open it.</param>
    public ObjectHandle Get(ObjectOpen open)
    {
        var identity = open.ToByteString();
        lock (_gate)
        {
            if (_handles.TryGetValue(identity, out var known) && known.TryGetTarget(out var handle))
            {
                return handle;
            }

            if (_handles.Count >= _sweepAt)
            {
                foreach (var (gone, _) in _handles.Where(static entry => !entry.Value.TryGetTarget(out _)).ToList())
                {
                    _handles.Remove(gone);
                }

                _sweepAt = Math.Max(FirstSweep, 2 * _handles.Count);
            }

            handle = new ObjectHandle(session, open) { IsShared = true };
            _handles[identity] = new WeakReference<ObjectHandle>(handle);
            return handle;
        }
    }
}
