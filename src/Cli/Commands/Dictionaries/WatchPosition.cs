using Cluster.Protocol.V1;

namespace Cluster.Cli.Commands.Dictionaries;

/// <summary>How far a watch has come: where it has to go on after a break, and what of that has been printed already. Pure.</summary>
/// <param name="from">The first revision that the user wants; 0: begin with the content.</param>
internal sealed class WatchPosition(ulong from)
{
    // Of no coordinator.
    private const string NoHistory = "none";

    private string _incarnation = "";
    private ulong _next = from;
    private int _printed;
    private int _toSkip;
    private bool _isContent = from == 0;
    private bool _hasCurrent;

    /// <summary>How many replies have come.</summary>
    public long Taken { get; private set; }

    /// <summary>What to ask for, at first or after a break.</summary>
    public void Begin(DictWatchRequest request)
    {
        if (_isContent && Taken > 0)
        {
            // The content had not been complete, and may be another now: the reply says `compacted`, and what was printed does not count.
            (request.FromRevision, request.Incarnation) = (1, NoHistory);
            return;
        }

        // What was set together has one revision, and perhaps half of it has come.
        (request.FromRevision, request.Incarnation, _toSkip) = (_next, _incarnation, _printed);
    }

    /// <summary>Takes a reply in.</summary>
    /// <returns>Whether it is news.</returns>
    public bool Take(DictWatchReply reply)
    {
        Taken++;
        switch (reply.EventCase)
        {
            case DictWatchReply.EventOneofCase.Current:
                // Everything up to its revision has come.
                (_next, _printed, _toSkip) = (reply.Revision + 1, 0, 0);
                var isNews = _isContent || !_hasCurrent;
                (_incarnation, _isContent, _hasCurrent) = (reply.Incarnation, false, true);
                return isNews;
            case DictWatchReply.EventOneofCase.Compacted:
                (_isContent, _toSkip) = (true, 0);
                return true;
            default:
                return _isContent || TakeChange(reply.Revision);
        }
    }

    private bool TakeChange(ulong revision)
    {
        if (revision == _next && _toSkip > 0)
        {
            _toSkip--;
            return false;
        }

        (_printed, _next) = (revision == _next ? _printed + 1 : 1, revision);
        return true;
    }
}
