using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Cluster.Cli.Output;

/// <summary>Writes results to stdout, one line of JSON each. Gathers lines while there are more at hand; <see cref="Flush"/> before a wait.</summary>
internal sealed class ResultWriter(Stream output, StatusLine status)
{
    private const int FlushAtBytes = 64 * 1024;
    private static ReadOnlySpan<byte> LineEnd => "\n"u8;
    private static ReadOnlySpan<byte> Null => "null"u8;

    private readonly ArrayBufferWriter<byte> _lines = new(FlushAtBytes);

    /// <exception cref="OutputClosedException">Nobody reads the results any more.</exception>
    public void Write(JsonElement result) => WriteLine(result.ValueKind == JsonValueKind.Undefined ? Null : JsonMarshal.GetRawUtf8Value(result));

    /// <exception cref="OutputClosedException">Nobody reads the results any more.</exception>
    public void Write(FailureLine failure) => WriteLine(JsonSerializer.SerializeToUtf8Bytes(failure, CliJson.Default.FailureLine));

    /// <summary>Writes a line that is JSON already.</summary>
    /// <exception cref="OutputClosedException">Nobody reads the results any more.</exception>
    public void Write(ReadOnlySpan<byte> json) => WriteLine(json);

    /// <exception cref="OutputClosedException">Nobody reads the results any more.</exception>
    public void Flush()
    {
        if (_lines.WrittenCount == 0)
        {
            return;
        }

        try
        {
            status.Interleave(WriteAll, this);
        }
        catch (IOException e)
        {
            throw new OutputClosedException(e);
        }

        _lines.ResetWrittenCount();
    }

    private static void WriteAll(ResultWriter writer)
    {
        writer.Output.Write(writer._lines.WrittenSpan);
        writer.Output.Flush();
    }

    private Stream Output { get; } = output;

    private void WriteLine(ReadOnlySpan<byte> line)
    {
        _lines.Write(line);
        _lines.Write(LineEnd);
        if (_lines.WrittenCount >= FlushAtBytes)
        {
            Flush();
        }
    }
}
