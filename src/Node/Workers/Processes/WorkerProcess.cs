using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Cluster.Protocol;
using Cluster.Protocol.Memory;

namespace Cluster.Node.Workers.Processes;

/// <summary>
/// A worker's operating system process. Its stdin stays open for as long as the node lives: when it ends, in whatever way, the worker reads
/// the end of its stdin and ends too.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int TailCapacity = 4096;
    private const int MaxLine = 16 << 10;

    /// <summary>How long to read on after the end of the process; a grandchild may hold the pipes open for ever.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly OutputTail _tail = new(TailCapacity);
    private readonly TimeProvider _time;
    private readonly DiagnosticFiles _files;
    private readonly Task _output;

    private WorkerProcess(Process process, TimeProvider time, Func<string, bool, Task> onLine)
    {
        _process = process;
        _time = time;
        Id = process.Id;
        _files = DiagnosticFiles.Of(process.Id);
        _output = Task.WhenAll(ReadLinesAsync(process.StandardOutput, false, onLine), ReadLinesAsync(process.StandardError, true, onLine));
    }

    public int Id { get; }

    /// <summary>The last lines of its stderr.</summary>
    public string StderrTail => _tail.ToString();

    /// <summary>Starts a worker.</summary>
    /// <param name="command">The program.</param>
    /// <param name="node">The node's name, for the context of tasks.</param>
    /// <param name="threads">How many chunks it runs at once.</param>
    /// <param name="socket">Where the worker finds its node.</param>
    /// <param name="key">What it has to say there.</param>
    /// <param name="time">Measures how long to wait for output after the end.</param>
    /// <param name="onLine">Called for each line that it writes to its stdout (false) or stderr (true); the next is read when it is through.</param>
    public static WorkerProcess Start(
        WorkerCommand command, string node, int threads, string socket, string key, TimeProvider time, Func<string, bool, Task> onLine)
    {
        var start = new ProcessStartInfo(command.FileName)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (IEnumerable<string>)[.. command.Arguments, "--node", node, "--threads", threads.ToString(CultureInfo.InvariantCulture), "--socket", socket])
        {
            start.ArgumentList.Add(argument);
        }

        // User code has no business with the node's credentials.
        start.Environment.Remove("CLUSTER_TOKEN");

        start.Environment[SegmentOwner.Variable] = command.MemoryOwner;
        start.Environment[CommandAccess.Variable] = command.AllowsCommands ? "1" : null;

        // Workers are killed as a matter of course; the runtime's diagnostic socket would stay behind in the temp folder each time.
        start.Environment.TryAdd("DOTNET_EnableDiagnostics_IPC", "0");

        var process = StrayProcesses.Start(start) ?? throw new InvalidOperationException($"The operating system did not start {command.FileName}.");
        try
        {
            process.StandardInput.NewLine = "\n";
            process.StandardInput.WriteLine(key);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It is dead already. Its exit says more than this exception.
        }

        return new WorkerProcess(process, time, onLine);
    }

    /// <summary>Passes on a line that reached the node over the socket rather than the pipe.</summary>
    public void KeepInTail(string line) => _tail.Add(line);

    /// <summary>Ends the process now; nothing happens where it is gone already.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone, and its object with it.
        }
        catch (Exception exception) when (exception is Win32Exception or AggregateException)
        {
            // Some process that it started belongs to somebody else by now; the worker itself must go.
            _process.Kill();
        }
    }

    /// <summary>Waits for the end of the process and of its output.</summary>
    public async Task<ExitStatus> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        StrayProcesses.Forget(Id);
        _files.Delete(Path.GetTempPath());
        try
        {
            await _output.WaitAsync(DrainTime, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A grandchild holds the pipes; what the worker itself wrote has been read by now.
        }

        return ExitStatus.FromExitCode(_process.ExitCode);
    }

    public void Dispose() => _process.Dispose();

    private async Task ReadLinesAsync(StreamReader reader, bool isError, Func<string, bool, Task> onLine)
    {
        try
        {
            var lines = new LineReader(reader, MaxLine);
            while (await lines.ReadAsync().ConfigureAwait(false) is { } line)
            {
                if (isError)
                {
                    _tail.Add(line);
                }

                await onLine(line, isError).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The node ends, or the process was disposed of while a grandchild held the pipe.
        }
    }
}
