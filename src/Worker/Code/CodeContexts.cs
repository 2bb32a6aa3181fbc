using System.Text;

namespace Cluster.Worker.Code;

/// <summary>
/// The load contexts of a worker, one per content of code. Jobs with the same code share one. A context that no job uses is kept for
/// a while, because the next job of the same program will want it, and unloaded once enough others have been used since.
/// </summary>
internal sealed class CodeContexts(int maxIdle = 8)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly LinkedList<Entry> _idle = [];

    /// <summary>Gives a job the context of its code.</summary>
    /// <param name="code">The files.</param>
    /// <param name="paths">Where they are on this machine, in the same order. What is there must never change.</param>
    /// <returns>The context, in use until the lease is disposed.</returns>
    /// <exception cref="CodeException">Files and paths do not match, or two files have the same name.</exception>
    public CodeLease Acquire(Protocol.V1.Code code, IReadOnlyList<string> paths)
    {
        var files = Locate(code, paths);
        var key = KeyOf(code);
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = new Entry(key, new CodeContext(files));
                _entries.Add(key, entry);
            }
            else if (entry.Users == 0)
            {
                _idle.Remove(entry);
            }

            entry.Users++;
            return new CodeLease(entry.Context, () => Release(entry));
        }
    }

    private void Release(Entry entry)
    {
        Entry? unused = null;
        lock (_lock)
        {
            if (--entry.Users > 0)
            {
                return;
            }

            _idle.AddLast(entry);
            if (_idle.Count > maxIdle)
            {
                unused = _idle.First!.Value;
                _idle.RemoveFirst();
                _entries.Remove(unused.Key);
            }
        }

        unused?.Context.Unload();
    }

    private static Dictionary<string, string> Locate(Protocol.V1.Code code, IReadOnlyList<string> paths)
    {
        if (code.Files.Count != paths.Count)
        {
            throw new CodeException($"The code has {code.Files.Count} files, but {paths.Count} paths came with it.");
        }

        var files = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < paths.Count; i++)
        {
            if (!files.TryAdd(code.Files[i].Name, Path.GetFullPath(paths[i])))
            {
                throw new CodeException($"Two files of the code have the name {code.Files[i].Name}. Each assembly can be there only once.");
            }
        }

        return files;
    }

    private static string KeyOf(Protocol.V1.Code code)
    {
        var key = new StringBuilder();
        foreach (var file in code.Files)
        {
            key.Append(file.Name).Append('=').Append(Convert.ToHexString(file.Sha256.Span)).Append(';');
        }

        return key.ToString();
    }

    private sealed class Entry(string key, CodeContext context)
    {
        public string Key { get; } = key;

        public CodeContext Context { get; } = context;

        public int Users { get; set; }
    }
}
