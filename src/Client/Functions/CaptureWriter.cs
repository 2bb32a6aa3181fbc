using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cluster.Protocol;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Google.Protobuf;

namespace Cluster.Client.Functions;

/// <summary>Writes what a delegate captured, in the layout that <see cref="CaptureFormat"/> describes.</summary>
internal sealed class CaptureWriter
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Dictionary<ClosureCapture, int> _numbers = new(ReferenceEqualityComparer.Instance);
    private readonly Utf8JsonWriter _json;
    private readonly string _function;
    private (string Path, long Bytes) _largest;

    private CaptureWriter(Utf8JsonWriter json, string function)
    {
        _json = json;
        _function = function;
    }

    /// <summary>How captured values become JSON.</summary>
    public static JsonSerializerOptions Options { get; } = CaptureJson.CreateOptions();

    /// <summary>Writes a capture.</summary>
    /// <param name="capture">What a function is bound to.</param>
    /// <param name="function">What the function is called in messages.</param>
    /// <exception cref="FunctionNotShippableException">A value cannot be written, or all of them together are too large.</exception>
    public static ByteString Write(Capture capture, string function)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        var writer = new CaptureWriter(json, function);
        writer.Write(capture);
        json.Flush();
        return buffer.WrittenCount <= Limits.MaxCaptureBytes
            ? ByteString.CopyFrom(buffer.WrittenSpan)
            : throw writer.TooLarge(buffer.WrittenCount);
    }

    private FunctionNotShippableException TooLarge(long bytes) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_function} cannot be sent to the cluster: what it captures takes {bytes:N0} bytes, of which '{_largest.Path}' takes {_largest.Bytes:N0}; at "
            + $"most {Limits.MaxCaptureBytes:N0} travel with a function. Give it as an argument, or read it inside the function, from a file for example."),
        _function,
        _largest.Path);

    private void Write(Capture capture)
    {
        _json.WriteStartObject();
        switch (capture)
        {
            case ValueCapture value:
                WriteValue(value);
                break;
            case NullCapture:
                _json.WriteNull(CaptureFormat.Value);
                break;
            case ClosureCapture closure when _numbers.TryGetValue(closure, out var number):
                _json.WriteNumber(CaptureFormat.Same, number);
                break;
            case ClosureCapture closure:
                WriteClosure(closure);
                break;
            case DelegateCapture captured:
                WriteDelegate(captured);
                break;
        }

        _json.WriteEndObject();
    }

    private void WriteValue(ValueCapture capture)
    {
        _json.WritePropertyName(CaptureFormat.Value);
        var start = _json.BytesCommitted + _json.BytesPending;
        try
        {
            JsonSerializer.Serialize(_json, capture.Value, Options.GetTypeInfo(capture.Type));
        }
        catch (Exception exception)
        {
            // Whatever it is: a property of the user's type may throw anything.
            throw CaptureErrors.Create(_function, capture.Path, capture.Type, $"cannot be written: {JsonProblem.Describe(exception)}", exception);
        }

        if (_json.BytesCommitted + _json.BytesPending - start is var bytes && bytes > _largest.Bytes)
        {
            _largest = (capture.Path, bytes);
        }
    }

    private void WriteClosure(ClosureCapture closure)
    {
        _numbers.Add(closure, _numbers.Count + 1);
        _json.WriteNumber(CaptureFormat.Closure, _numbers.Count);
        _json.WriteStartObject(CaptureFormat.Fields);
        foreach (var (field, capture) in closure.Fields)
        {
            _json.WritePropertyName(field.Name);
            Write(capture);
        }

        _json.WriteEndObject();
    }

    private void WriteDelegate(DelegateCapture captured)
    {
        var method = captured.Method;
        _json.WriteStartObject(CaptureFormat.Delegate);
        _json.WriteString(CaptureFormat.Assembly, method.AssemblyName);
        _json.WriteString(CaptureFormat.Type, method.TypeName);
        _json.WriteString(CaptureFormat.Method, method.Method.Name);
        WriteStrings(CaptureFormat.TypeArguments, method.TypeArguments);
        WriteStrings(CaptureFormat.MethodTypeArguments, method.MethodTypeArguments);
        _json.WriteNumber(CaptureFormat.Token, method.Token);
        WriteStrings(CaptureFormat.Parameters, method.Parameters);
        if (captured.Target is { } target)
        {
            _json.WritePropertyName(CaptureFormat.Target);
            Write(target);
        }

        _json.WriteEndObject();
    }

    private void WriteStrings(string name, IReadOnlyList<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            _json.WriteStringValue(value);
        }

        _json.WriteEndArray();
    }
}
