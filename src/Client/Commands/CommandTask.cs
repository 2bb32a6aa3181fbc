using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Cluster.Protocol;
using Cluster.Protocol.Processes;

namespace Cluster.Client;

/// <summary>
/// Programs as tasks: <c>cluster.Submit(CommandTask.RunAsync, new CommandCall { Arguments = ["gzip", "-9", "a.txt"] })</c>. They run only on nodes that were started with
/// <c>--allow-commands</c>; those have the label <see cref="NodeLabel"/>, so that jobs with <see cref="TaskOptions.Requires"/> find them.
/// </summary>
public static class CommandTask
{
    /// <summary>The label of nodes that run commands; its value is <c>true</c>.</summary>
    public const string NodeLabel = CommandAccess.NodeLabel;

    // From 128 on, a shell's way to say that a signal ended a program; .NET's too.
    private const int SignalBase = 128;

    private const int BufferBytes = 64 << 10;

    /// <summary>Runs a program, and waits for its end. In a task: on the node where that runs.</summary>
    /// <param name="call">The program.</param>
    /// <param name="cancellationToken">Ends it, with all processes that it has started.</param>
    /// <returns>How it ended. An exit code other than 0 is no failure of the task.</returns>
    /// <exception cref="InvalidOperationException">The node runs no commands, the program cannot be started there, or it wrote too much.</exception>
    public static async Task<CommandResult> RunAsync(CommandCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Arguments is not [{ Length: > 0 }, ..])
        {
            throw new ArgumentException("The command is empty: its first word is the program.", nameof(call));
        }

        var node = TaskContext.Current.Node;
        if (System.Environment.GetEnvironmentVariable(CommandAccess.Variable) != "1")
        {
            throw new InvalidOperationException($"The node '{node}' runs no commands. Start it with --allow-commands, or have the job require the label {NodeLabel}=true.");
        }

        var begun = Stopwatch.GetTimestamp();
        using var process = Start(call, node);
        var ending = cancellationToken.Register(static process => Kill((Process)process!), process);
        try
        {
            var feeding = FeedAsync(process, call.Input);
            var output = ReadAsync(process, process.StandardOutput.BaseStream, "stdout", call);
            var error = ReadAsync(process, process.StandardError.BaseStream, "stderr", call);
            await Task.WhenAll(feeding, output, error).ConfigureAwait(false);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return new CommandResult(CodeOf(process), await output.ConfigureAwait(false), await error.ConfigureAwait(false), Stopwatch.GetElapsedTime(begun), node);
        }
        finally
        {
            await ending.DisposeAsync().ConfigureAwait(false);
            Kill(process);
            Orphans.ReapForgotten();
        }
    }

    private static Process Start(CommandCall call, string node)
    {
        var start = new ProcessStartInfo(call.Arguments[0], call.Arguments.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = call.Directory ?? "",
        };
        foreach (var (name, value) in call.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Exception exception) when (exception is Win32Exception or DirectoryNotFoundException)
        {
            throw new InvalidOperationException($"The node '{node}' cannot start '{call.Arguments[0]}': {exception.Message}", exception);
        }
    }

    private static async Task FeedAsync(Process process, byte[]? input)
    {
        try
        {
            var stdin = process.StandardInput.BaseStream;
            await using (stdin.ConfigureAwait(false))
            {
                await stdin.WriteAsync(input).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // It does not read what it is given; many do not.
        }
    }

    private static async Task<byte[]> ReadAsync(Process process, Stream stream, string name, CommandCall call)
    {
        using var written = new MemoryStream();
        var buffer = new byte[BufferBytes];
        for (int read; (read = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            if (written.Length + read > call.MaxOutputBytes)
            {
                Kill(process);
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{call.Arguments[0]}' wrote more than {call.MaxOutputBytes} bytes to its {name} and was ended. Have it write to a file, or raise MaxOutputBytes."));
            }

            written.Write(buffer, 0, read);
        }

        return written.ToArray();
    }

    private static int CodeOf(Process process) => !OperatingSystem.IsWindows() && process.ExitCode is > SignalBase and <= SignalBase + 64 ? SignalBase - process.ExitCode : process.ExitCode;

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or some process that it started belongs to somebody else by now.
        }
    }
}
