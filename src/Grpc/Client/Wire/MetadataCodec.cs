using System.Buffers.Text;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Metadata as header lines.</summary>
internal static class MetadataCodec
{
    /// <summary>The value of a header line. Binary values are base64, which the protocol wants without padding.</summary>
    /// <exception cref="FormatException">A text value has characters that no header may have.</exception>
    public static string Encode(Metadata.Entry entry)
    {
        if (entry.IsBinary)
        {
            return Convert.ToBase64String(entry.BinaryValue).TrimEnd('=');
        }

        return entry.Value.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? throw new FormatException($"The value of the metadata \"{entry.Key}\" has characters other than printable ASCII; send it under a key that ends in \"-bin\".")
            : entry.Value;
    }

    /// <summary>
    /// Adds a header line to metadata. Lines with binary values may carry several, joined by commas. One whose name is no key, which HTTP allows
    /// and a proxy may add, is left out.
    /// </summary>
    /// <exception cref="FormatException">A binary value is no base64.</exception>
    public static void Decode(string name, string value, Metadata metadata)
    {
        if (!Metadata.Entry.IsKey(name))
        {
            return;
        }

        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            metadata.Add(name, DecodeBase64(name, value.AsSpan()[part].Trim().TrimEnd('=')));
        }
    }

    private static byte[] DecodeBase64(string name, ReadOnlySpan<char> unpadded)
    {
        Span<char> padded = new char[(unpadded.Length + 3) / 4 * 4];
        unpadded.CopyTo(padded);
        padded[unpadded.Length..].Fill('=');
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        return Convert.TryFromBase64Chars(padded, bytes, out int written)
            ? bytes[..written]
            : throw new FormatException($"The header {name} has a value that is no base64.");
    }
}
