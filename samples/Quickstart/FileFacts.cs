using System.Security.Cryptography;

namespace Cluster.Samples.Quickstart;

/// <summary>What the quickstart learns about one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Lines">Its line feeds, as <c>wc -l</c> counts them.</param>
/// <param name="Sha256">SHA-256 of its content, in lower-case hexadecimal.</param>
internal sealed record FileFacts(string Path, long Bytes, long Lines, string Sha256)
{
    /// <summary>Reads a file once. This is the function that runs on the cluster.</summary>
    public static FileFacts Measure(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = new byte[64 * 1024];
        long bytes = 0;
        long lines = 0;
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            var block = buffer.AsSpan(0, read);
            hash.AppendData(block);
            bytes += read;
            lines += block.Count((byte)'\n');
        }

        return new FileFacts(path, bytes, lines, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
