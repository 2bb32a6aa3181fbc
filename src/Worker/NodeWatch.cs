namespace Cluster.Worker;

/// <summary>The worker's stdin: first the key from its node, then nothing until the node ends.</summary>
internal sealed class NodeWatch(Stream stdin)
{
    private const int MaxKeyLength = 256;

    /// <summary>Reads the key: the first line.</summary>
    /// <exception cref="EndOfStreamException">There is none: nobody started this process as a worker.</exception>
    public string ReadKey()
    {
        Span<char> key = stackalloc char[MaxKeyLength];
        for (var length = 0; length < MaxKeyLength; length++)
        {
            switch (stdin.ReadByte())
            {
                case < 0:
                    throw new EndOfStreamException();
                case '\n':
                    return new string(key[..length]);
                case var character:
                    key[length] = (char)character;
                    break;
            }
        }

        throw new EndOfStreamException();
    }

    /// <summary>Calls <paramref name="onGone"/> when the node has ended, in whatever way: the kernel closes its end of the pipe.</summary>
    public void Start(Action onGone)
    {
        var thread = new Thread(() =>
        {
            WaitForEnd();
            onGone();
        })
        {
            IsBackground = true,
            Name = "node watch",
        };
        thread.UnsafeStart();
    }

    private void WaitForEnd()
    {
        try
        {
            while (stdin.ReadByte() >= 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken stdin means the same as its end.
        }
    }
}
