using Microsoft.Win32.SafeHandles;

namespace Cluster.Cli.Output;

/// <summary>Stdout as a stream that says when its reader has gone: the console's own stream keeps that to itself on Unix.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        // In a file, a FileStream keeps a position of its own: what others wrote there through the same descriptor before, or write
        // later, would be overwritten. A file has no reader that could go.
        var stream = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return stream.CanSeek ? Console.OpenStandardOutput() : stream;
    }
}
