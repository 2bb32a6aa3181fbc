using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Detached.Programs;

/// <summary>A job that a program is submitting: its items go to their file as they come, over as many calls as it takes. One call at a time; another one takes its place.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "Calls that wait for their turn find out that it is over; the semaphore owns nothing.")]
internal sealed class Submission : IDisposable
{
    private const int IdDigits = 12;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _gate = new();
    private readonly ResultLog _log;
    private CancellationTokenSource? _call;
    private (long Offset, ulong Entries)? _open;
    private DateTimeOffset? _leftAt;

    /// <summary>Opens it, for the first time or again.</summary>
    /// <param name="id">The id of the job.</param>
    /// <param name="requestId">What its submitter calls the submission; may be empty.</param>
    /// <param name="log">The file of its items.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Submission(string id, string requestId, ResultLog log)
    {
        (Id, RequestId, _log) = (id, requestId, log);
        log.ReadAll((entry, offset) => Note(entry.Inputs, offset, log.Entries));
    }

    public string Id { get; }

    public string RequestId { get; }

    /// <summary>How many items are stored as a whole.</summary>
    public ulong Stored { get; private set; }

    /// <summary>How many bytes its file has.</summary>
    public long Bytes => _log.Bytes;

    /// <summary>When the last call left; null: there is one.</summary>
    public DateTimeOffset? LeftAt
    {
        get
        {
            lock (_gate)
            {
                return _leftAt;
            }
        }
    }

    /// <summary>It is over: it was submitted, or given up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The id of the job of a key. It tells nobody the key.</summary>
    public static string IdOf(string key) => $"d{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..IdDigits]}";

    /// <summary>A call wants to bring items. The one before it, if any, is ended.</summary>
    /// <param name="call">Ends the call, which has to <see cref="Leave"/>.</param>
    public void Join(CancellationTokenSource call)
    {
        lock (_gate)
        {
            _ = _call?.CancelAsync();
            (_call, _leftAt) = (call, null);
        }
    }

    /// <summary>Waits until the call before this one has let go.</summary>
    /// <exception cref="OperationCanceledException">This one is to end too.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        if (!IsOver && _open is { } begun)
        {
            // A part of an item comes again from its beginning.
            _log.Cut(begun.Offset, begun.Entries);
            _open = null;
        }
    }

    /// <summary>A call leaves.</summary>
    /// <param name="call">The call.</param>
    /// <param name="entered">It had its turn.</param>
    /// <param name="now">The time.</param>
    public void Leave(CancellationTokenSource call, bool entered, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_call == call)
            {
                (_call, _leftAt) = (null, now);
            }
        }

        if (entered)
        {
            _turn.Release();
        }
    }

    /// <summary>Writes the next items, or a part of one.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Append(Batch batch)
    {
        var entries = _log.Entries;
        Note(batch, _log.Append(new DetachedJobEntry { Inputs = batch }), entries);
    }

    /// <summary>Forces everything to the disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Sync() => _log.Sync();

    /// <summary>It is over; a call that waits for its turn finds that out.</summary>
    public void Dispose()
    {
        IsOver = true;
        _log.Dispose();
    }

    private void Note(Batch batch, long offset, ulong entriesBefore)
    {
        if (batch.FragmentTotal == 0 || batch.FragmentOffset + (ulong)batch.Payload.Length == batch.FragmentTotal)
        {
            (Stored, _open) = (batch.First + batch.Count, null);
        }
        else
        {
            _open ??= (offset, entriesBefore);
        }
    }
}
