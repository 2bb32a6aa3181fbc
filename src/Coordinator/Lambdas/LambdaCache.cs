namespace Cluster.Coordinator.Lambdas;

/// <summary>
/// What came of the last texts. The one that nobody has asked for longest goes first, but none that a job uses or that was asked for a moment ago. Pure; one caller at a time.
/// </summary>
/// <param name="maxEntries">How many are kept, unless more are in use.</param>
/// <param name="keepAtLeast">How long each is kept after it was last asked for or used.</param>
internal sealed class LambdaCache(int maxEntries, TimeSpan keepAtLeast)
{
    private readonly Dictionary<string, Entry> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _byFile = new(StringComparer.Ordinal);

    // The one that was asked for last is last.
    private readonly LinkedList<Entry> _order = [];

    public int Count => _byKey.Count;

    /// <summary>Finds what came of a text.</summary>
    public Lambda? Find(string key, DateTimeOffset now)
    {
        if (!_byKey.TryGetValue(key, out var entry))
        {
            return null;
        }

        Touch(entry, now);
        return entry.Lambda;
    }

    /// <summary>Remembers what came of a text, and forgets others for it.</summary>
    /// <returns>Those that were forgotten.</returns>
    public IReadOnlyList<Lambda> Add(Lambda lambda, DateTimeOffset now)
    {
        if (_byKey.TryGetValue(lambda.Key, out var known))
        {
            Touch(known, now);
            return [];
        }

        var entry = new Entry(lambda) { AskedFor = now };
        _byKey.Add(lambda.Key, entry);
        if (lambda.File is { } file)
        {
            _byFile.Add(FileKey(file), entry);
        }

        entry.Place = _order.AddLast(entry);
        return Forget(now);
    }

    /// <summary>A job uses a file.</summary>
    /// <returns>False: it is no lambda's that is remembered.</returns>
    public bool Pin(Protocol.V1.CodeFile file)
    {
        if (!_byFile.TryGetValue(FileKey(file), out var entry))
        {
            return false;
        }

        entry.Users++;
        return true;
    }

    /// <summary>It does no longer.</summary>
    public void Unpin(Protocol.V1.CodeFile file, DateTimeOffset now)
    {
        var entry = _byFile[FileKey(file)];
        entry.Users--;
        Touch(entry, now);
    }

    private List<Lambda> Forget(DateTimeOffset now)
    {
        List<Lambda> forgotten = [];
        for (var next = _order.First; next is not null && _byKey.Count > maxEntries && now - next.Value.AskedFor >= keepAtLeast;)
        {
            var entry = next.Value;
            next = next.Next;
            if (entry.Users > 0)
            {
                continue;
            }

            _order.Remove(entry.Place!);
            _byKey.Remove(entry.Lambda.Key);
            if (entry.Lambda.File is { } file)
            {
                _byFile.Remove(FileKey(file));
            }

            forgotten.Add(entry.Lambda);
        }

        return forgotten;
    }

    private void Touch(Entry entry, DateTimeOffset now)
    {
        entry.AskedFor = now;
        _order.Remove(entry.Place!);
        _order.AddLast(entry.Place!);
    }

    private static string FileKey(Protocol.V1.CodeFile file) => Convert.ToHexString(file.Sha256.Span);

    private sealed class Entry(Lambda lambda)
    {
        public Lambda Lambda { get; } = lambda;

        public LinkedListNode<Entry>? Place { get; set; }

        public DateTimeOffset AskedFor { get; set; }

        public int Users { get; set; }
    }
}
