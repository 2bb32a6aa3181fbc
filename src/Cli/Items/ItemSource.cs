using System.Runtime.CompilerServices;

namespace Cluster.Cli.Items;

/// <summary>Where the items of a map come from: the command line, a file or stdin. Read once, and only as fast as the cluster takes them.</summary>
internal sealed class ItemSource
{
    public const string Arguments = "arguments";
    private const string Stdin = "-";
    private const int BufferBytes = 64 * 1024;

    private readonly IReadOnlyList<string>? _arguments;
    private readonly string? _file;

    private ItemSource(IReadOnlyList<string>? arguments, string? file)
    {
        _arguments = arguments;
        _file = file;
    }

    /// <summary>Decides by what is on the command line.</summary>
    /// <exception cref="UsageException">Both or neither are given, or the file is not there.</exception>
    public static ItemSource Choose(IReadOnlyList<string> arguments, string? file, bool stdinIsTerminal)
    {
        if (arguments.Count > 0 && arguments is not [Stdin])
        {
            return file is null
                ? new ItemSource(arguments, null)
                : throw new UsageException("Items come from the command line or from --file, not from both. Leave one of them out.");
        }

        if (file is not null and not Stdin)
        {
            return File.Exists(file) ? new ItemSource(null, file) : throw new UsageException($"There is no file {file} to read items from.");
        }

        return stdinIsTerminal && file is null && arguments.Count == 0
            ? throw new UsageException("There are no items. Name them on the command line, pipe them in (one per line), or use --file FILE.")
            : new ItemSource(null, Stdin);
    }

    /// <summary>How many items there will be, where that is known without waiting: for the progress bar.</summary>
    public long? Count()
    {
        if (_arguments is not null)
        {
            return _arguments.Count;
        }

        if (_file == Stdin)
        {
            return null;
        }

        try
        {
            using var file = File.OpenHandle(_file!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
            return RandomAccess.GetLength(file) > 0 ? CountLines(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(_file!, e);
        }
    }

    /// <exception cref="UsageException">Raised by the iteration: the file cannot be read.</exception>
    public async IAsyncEnumerable<InputLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_arguments is not null)
        {
            for (var i = 0; i < _arguments.Count; i++)
            {
                yield return new InputLine(_arguments[i], i + 1, Arguments);
            }

            yield break;
        }

        var (stream, name) = _file == Stdin ? (Console.OpenStandardInput(), "stdin") : (Open(_file!), _file!);
        using var reader = new StreamReader(stream, bufferSize: BufferBytes);
        for (long number = 1; await ReadLineAsync(reader, name, cancellationToken) is { } line; number++)
        {
            yield return new InputLine(line, number, name);
        }
    }

    // A read from stdin cannot be cancelled; who waits for it can.
    private static async ValueTask<string?> ReadLineAsync(StreamReader reader, string name, CancellationToken cancellationToken)
    {
        try
        {
            var line = reader.ReadLineAsync(cancellationToken);
            return line.IsCompleted ? await line : await line.AsTask().WaitAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw Unreadable(name, e);
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, BufferBytes, FileOptions.SequentialScan | FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, e);
        }
    }

    private static UsageException Unreadable(string name, Exception cause) => new($"The items cannot be read from {name}: {cause.Message}", cause);

    private static long CountLines(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var buffer = new byte[BufferBytes];
        long lines = 0;
        long offset = 0;
        var last = (byte)'\n';
        for (int read; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            last = buffer[read - 1];
        }

        return last == '\n' ? lines : lines + 1;
    }
}
