using System.Runtime.CompilerServices;
using System.Text;
using Cluster.Cli.Items;

namespace Cluster.Cli.Exec;

/// <summary>Where the items of <c>cluster exec</c> come from: behind <c>:::</c>, a file, or stdin, by lines or by zeros.</summary>
internal static class ExecInputs
{
    private const string Separator = ":::";
    private const int BufferBytes = 64 << 10;

    /// <summary>Splits a command line: what stands before the first <c>:::</c> is the command; what follows are items, and further <c>:::</c> make all combinations.</summary>
    /// <returns>Items is null where there is no <c>:::</c>.</returns>
    public static (string[] Command, IReadOnlyList<string>? Items) Split(IReadOnlyList<string> words)
    {
        var at = words.ToList().IndexOf(Separator);
        if (at < 0)
        {
            return ([.. words], null);
        }

        List<List<string>> groups = [];
        foreach (var word in words.Skip(at))
        {
            if (word == Separator)
            {
                groups.Add([]);
            }
            else
            {
                groups[^1].Add(word);
            }
        }

        IEnumerable<string> combined = groups[0];
        foreach (var group in groups.Skip(1))
        {
            combined = combined.SelectMany(first => group.Select(second => $"{first} {second}"));
        }

        return ([.. words.Take(at)], [.. combined]);
    }

    /// <summary>Reads items from a file or stdin.</summary>
    /// <param name="file">The file; null: stdin.</param>
    /// <param name="byZeros">Items end with a zero byte, as <c>find -print0</c> writes them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static IAsyncEnumerable<string> ReadAsync(string? file, bool byZeros, CancellationToken cancellationToken) =>
        byZeros ? ByZerosAsync(file, cancellationToken) : ByLinesAsync(file, cancellationToken);

    private static async IAsyncEnumerable<string> ByLinesAsync(string? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in ItemSource.Choose([], file ?? "-", stdinIsTerminal: false).ReadAsync(cancellationToken))
        {
            yield return line.Text;
        }
    }

    private static async IAsyncEnumerable<string> ByZerosAsync(string? file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = file is null or "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        var item = new List<byte>();
        var buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != 0)
                {
                    item.Add(buffer[i]);
                    continue;
                }

                yield return Encoding.UTF8.GetString([.. item]);
                item.Clear();
            }
        }

        if (item.Count > 0)
        {
            yield return Encoding.UTF8.GetString([.. item]);
        }
    }
}
