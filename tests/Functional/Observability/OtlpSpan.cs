using Google.Protobuf;

namespace Cluster.Functional.Observability;

/// <summary>A span as it comes by OTLP, as far as tests look at it.</summary>
/// <param name="Service">The program that it is of.</param>
/// <param name="TraceId">In hexadecimal.</param>
/// <param name="Id">In hexadecimal.</param>
/// <param name="ParentId">In hexadecimal; empty: it is the first.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Tags">Its attributes that are texts.</param>
internal sealed record OtlpSpan(string Service, string TraceId, string Id, string ParentId, string Name, IReadOnlyDictionary<string, string> Tags)
{
    /// <summary>Reads <c>opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest</c>.</summary>
    public static IEnumerable<OtlpSpan> Read(byte[] request) =>
        from resource in Fields(request, 1)
        let service = Attributes(Fields(resource, 1).Single(), 1).GetValueOrDefault("service.name", "")
        from scope in Fields(resource, 2)
        from span in Fields(scope, 2)
        select new OtlpSpan(service, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), Attributes(span, 9));

    private static Dictionary<string, string> Attributes(byte[] message, int field) =>
        Fields(message, field).ToDictionary(static pair => Text(pair, 1), static pair => Text(Fields(pair, 2).FirstOrDefault([]), 1));

    private static string Text(byte[] message, int field) => ByteString.CopyFrom(Fields(message, field).FirstOrDefault([])).ToStringUtf8();

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault([]));

    // The values of a field that is a message, a text or bytes.
    private static List<byte[]> Fields(byte[] message, int field)
    {
        List<byte[]> values = [];
        var input = new CodedInputStream(message);
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                values.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return values;
    }
}
