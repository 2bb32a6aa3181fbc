using System.Security.Cryptography;
using System.Text;

namespace Cluster.Samples.Quickstart;

/// <summary>What a whole directory adds up to.</summary>
internal sealed record Totals(int Files, long Bytes, long Lines, string Digest)
{
    /// <summary>
    /// Adds up. The digest is that of <c>find DIR -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum</c>.
    /// </summary>
    public static Totals Of(IReadOnlyCollection<FileFacts> facts)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in facts)
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Path}\n"));
        }

        return new Totals(
            facts.Count,
            facts.Sum(file => file.Bytes),
            facts.Sum(file => file.Lines),
            Convert.ToHexStringLower(digest.GetHashAndReset()));
    }
}
