using System.Text;
using Cluster.Protocol.V1;

namespace Cluster.Protocol.Batches;

/// <summary>Text as UTF-8. Strict both ways: a lone surrogate or a broken sequence is an error, never a silent replacement character.</summary>
internal sealed class Utf8Codec : ItemCodec<string>
{
    public static readonly Utf8Codec Instance = new();

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private Utf8Codec()
        : base(Format.Utf8, 0)
    {
    }

    internal override void Write(PayloadWriter payload, string item)
    {
        var length = Strict.GetByteCount(item);
        Strict.GetBytes(item, payload.GetSpan(length));
        payload.Advance(length);
    }

    internal override string Read(ReadOnlySpan<byte> item) => Strict.GetString(item);
}
