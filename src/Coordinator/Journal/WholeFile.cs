using System.Globalization;

namespace Cluster.Coordinator.Journal;

/// <summary>Reads files that fit into memory, as all files of a journal do.</summary>
internal static class WholeFile
{
    /// <exception cref="IOException">It cannot be read, or is larger than an array may be.</exception>
    public static ReadOnlyMemory<byte> Read(IJournalDirectory directory, string name)
    {
        using IJournalFile file = directory.Open(name);
        long length = file.Length;
        if (length > Array.MaxLength)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"{name} has {length} bytes; more than {Array.MaxLength} cannot be read."));
        }

        byte[] bytes = new byte[length];
        return bytes.AsMemory(0, file.Read(bytes, 0));
    }
}
