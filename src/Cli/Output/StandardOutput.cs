using Microsoft.Win32.SafeHandles;

namespace Cluster.Cli.Output;

/// <summary>Stdout as a stream that says when its reader has gone: the console's own stream keeps that to itself on Unix.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;

    public static Stream Open() => OperatingSystem.IsWindows()
        ? Console.OpenStandardOutput()
        : new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
}
