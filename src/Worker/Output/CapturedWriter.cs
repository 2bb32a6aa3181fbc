using System.Text;
using Cluster.Worker.Running;

namespace Cluster.Worker.Output;

/// <summary>
/// Stands in for Console.Out or Console.Error: what a chunk prints goes to the chunk's reader, and what nobody can be found for goes to the process's
/// own stream, where the node reads it.
/// </summary>
internal sealed class CapturedWriter(TextWriter original, bool isError) : TextWriter
{
    public override Encoding Encoding => original.Encoding;

    /// <summary>Puts both in place.</summary>
    public static void Install()
    {
        Console.SetOut(new CapturedWriter(Console.Out, isError: false));
        Console.SetError(new CapturedWriter(Console.Error, isError: true));

        // Stdin is the worker's tie to its node; user code that reads must not steal its end.
        Console.SetIn(TextReader.Null);
    }

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value) => Write($"{value}\n".AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (ChunkRun.Current is not { Output: { } output } chunk)
        {
            original.Write(buffer);
            return;
        }

        if (chunk.Job.Spec.WantOutput && output.TryWrite(buffer, isError))
        {
            return;
        }

        // Nobody reads along. Stdout is dropped; the node keeps the end of stderr for the case that this process dies.
        if (isError)
        {
            original.Write(buffer);
        }
    }

    public override void Flush() => original.Flush();
}
