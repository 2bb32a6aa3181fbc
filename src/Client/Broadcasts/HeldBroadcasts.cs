using Google.Protobuf;

namespace Cluster.Client.Broadcasts;

/// <summary>What a client wants the coordinator to keep, and what the coordinator has been told of it on the connection that there is. Thread-safe.</summary>
internal sealed class HeldBroadcasts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ByteString, List<BroadcastFile>> _wanted = [];
    private readonly HashSet<ByteString> _held = [];
    private readonly List<(BroadcastFile Content, TaskCompletionSource Kept)> _waiting = [];
    private readonly List<BroadcastFile> _finished = [];

    /// <summary>Another one is wanted.</summary>
    /// <returns>Completes when the coordinator keeps it.</returns>
    public Task Add(BroadcastFile content)
    {
        var kept = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_wanted.TryGetValue(content.File.Sha256, out var same))
            {
                _wanted[content.File.Sha256] = same = [];
            }

            same.Add(content);
            if (_held.Contains(content.File.Sha256))
            {
                return Task.CompletedTask;
            }

            _waiting.Add((content, kept));
        }

        return kept.Task;
    }

    /// <summary>One is wanted no more. It is disposed when nobody reads it: see <see cref="DisposeFinished"/>.</summary>
    public void Remove(BroadcastFile content)
    {
        lock (_gate)
        {
            if (_wanted.TryGetValue(content.File.Sha256, out var same) && same.Remove(content))
            {
                _finished.Add(content);
                if (same.Count == 0)
                {
                    _wanted.Remove(content.File.Sha256);
                }
            }

            _waiting.RemoveAll(waiting => waiting.Content == content);
        }
    }

    /// <summary>What the coordinator is to be told next; both empty: nothing.</summary>
    public (IReadOnlyList<BroadcastFile> Hold, IReadOnlyList<ByteString> Release) Next()
    {
        lock (_gate)
        {
            return ([.. _wanted.Where(wanted => !_held.Contains(wanted.Key)).Select(static wanted => wanted.Value[0])], [.. _held.Where(held => !_wanted.ContainsKey(held))]);
        }
    }

    /// <summary>The coordinator keeps some from now on, and others no more.</summary>
    public void Told(IEnumerable<BroadcastFile> kept, IEnumerable<ByteString> released)
    {
        List<TaskCompletionSource> answered;
        lock (_gate)
        {
            _held.UnionWith(kept.Select(static content => content.File.Sha256));
            _held.ExceptWith(released);
            answered = [.. _waiting.Where(waiting => _held.Contains(waiting.Content.File.Sha256)).Select(static waiting => waiting.Kept)];
            _waiting.RemoveAll(waiting => _held.Contains(waiting.Content.File.Sha256));
        }

        answered.ForEach(static kept => kept.TrySetResult());
    }

    /// <summary>Another connection begins: on it, the coordinator has been told nothing.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            _held.Clear();
        }
    }

    /// <summary>Those who wait are told that it is in vain: for one, or for all.</summary>
    public void Fail(Exception exception, BroadcastFile? content = null)
    {
        List<TaskCompletionSource> failed;
        lock (_gate)
        {
            var sha256 = content?.File.Sha256;
            failed = [.. _waiting.Where(waiting => sha256 is null || waiting.Content.File.Sha256 == sha256).Select(static waiting => waiting.Kept)];
            _waiting.RemoveAll(waiting => failed.Contains(waiting.Kept));
        }

        failed.ForEach(kept => kept.TrySetException(exception));
    }

    /// <summary>Disposes those that were removed. By who reads them, when it does not.</summary>
    public void DisposeFinished()
    {
        List<BroadcastFile> finished;
        lock (_gate)
        {
            finished = [.. _finished];
            _finished.Clear();
        }

        finished.ForEach(static content => content.Dispose());
    }

    /// <summary>Disposes all of them. When nobody reads them any more.</summary>
    public void DisposeAll()
    {
        lock (_gate)
        {
            _finished.AddRange(_wanted.Values.SelectMany(static same => same));
            _wanted.Clear();
        }

        DisposeFinished();
    }
}
