using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>Names code by its content.</summary>
internal static class CodeVersion
{
    /// <summary>How much of a version callers have to write at least.</summary>
    public const int MinLength = 4;

    private const int Length = 12;

    /// <summary>The version of an assembly with what it needs: the beginning of a hash, in hexadecimal. The order of the files does not matter.</summary>
    public static string Of(Code code, string assembly)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Encoding.UTF8.GetBytes(assembly));
        foreach (var file in code.Files.OrderBy(static file => file.Name, StringComparer.Ordinal))
        {
            Append(hash, Encoding.UTF8.GetBytes(file.Name));
            Append(hash, file.Sha256.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Length];
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
