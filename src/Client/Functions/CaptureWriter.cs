using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
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
    /// <exception cref="FunctionNotShippableException">A value cannot be written.</exception>
    public static ByteString Write(Capture capture, string function)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            new CaptureWriter(json, function).Write(capture);
        }

        return ByteString.CopyFrom(buffer.WrittenSpan);
    }

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
        try
        {
            JsonSerializer.Serialize(_json, capture.Value, Options.GetTypeInfo(capture.Type));
        }
        catch (Exception exception)
        {
            // Whatever it is: a property of the user's type may throw anything.
            throw CaptureErrors.Create(_function, capture.Path, capture.Type, $"cannot be written: {Reason(exception)}", exception);
        }
    }

    // The serializer wraps a refusal in a sentence of its own, in which only the path is news.
    private static string Reason(Exception exception)
    {
        const string Path = " Path: $";
        if (exception is not NotSupportedException { InnerException: NotSupportedException refusal })
        {
            return exception.Message.TrimEnd('.');
        }

        var at = exception.Message.LastIndexOf(Path, StringComparison.Ordinal);
        var path = at < 0 ? "" : exception.Message[(at + Path.Length)..].TrimEnd('.');
        return path.Length == 0 ? refusal.Message : $"at {path.TrimStart('.')}, {refusal.Message}";
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
