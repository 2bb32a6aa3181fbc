using System.Diagnostics;
using System.Text;
using Cluster.Client;

namespace Cluster.Local.Processes;

/// <summary>
/// A process of the cluster. It lives as long as its stdin is open, which this process keeps open: when this process ends, in whatever
/// way, the kernel closes the pipe and the child exits. The first line of its stdout says that it is ready.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailCharacters = 16 * 1024;
    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly OutputTail _errorTail = new(TailCharacters);
    private readonly TaskCompletionSource<string?> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private readonly Task _error;
    private readonly Task _exited;

    private ChildProcess(string name, Process process, Action<string>? onLog, TimeProvider time)
    {
        Name = name;
        _process = process;
        _time = time;
        Id = process.Id;
        _output = ReadOutputAsync();
        _error = ReadErrorAsync(onLog);
        _exited = process.WaitForExitAsync();
    }

    /// <summary>What it is, for messages: <c>coordinator</c>, <c>node-1</c>.</summary>
    public string Name { get; }

    public int Id { get; }

    /// <summary>Completes when the process has ended, on purpose or not.</summary>
    public Task Exited => _exited;

    /// <summary>The exit code, once it has ended.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _exited.ConfigureAwait(false);
        return _process.ExitCode;
    }

    /// <summary>Whether its ready line has come.</summary>
    public bool IsReady => _firstLine.Task is { IsCompletedSuccessfully: true, Result: not null };

    /// <exception cref="LocalClusterException">The operating system refused.</exception>
    public static ChildProcess Start(string name, ProcessStartInfo startInfo, Action<string>? onLog, TimeProvider time)
    {
        startInfo.RedirectStandardInput = true;
        startInfo.RedirectStandardOutput = true;
        startInfo.RedirectStandardError = true;
        startInfo.StandardOutputEncoding = Encoding.UTF8;
        startInfo.StandardErrorEncoding = Encoding.UTF8;
        startInfo.UseShellExecute = false;
        startInfo.CreateNoWindow = true;
        var process = new Process { StartInfo = startInfo };
        try
        {
            process.Start();
        }
        catch (Exception e)
        {
            process.Dispose();
            throw new LocalClusterException($"The {name} of the local cluster could not be started with {startInfo.FileName}: {e.Message}", e);
        }

        return new ChildProcess(name, process, onLog, time);
    }

    /// <summary>The line by which the process says that it is ready.</summary>
    /// <exception cref="LocalClusterException">It ended before; the message has what it wrote to stderr.</exception>
    public async Task<string> ReadReadyLineAsync(CancellationToken cancellationToken)
    {
        var line = await _firstLine.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (line is not null)
        {
            return line;
        }

        await Task.WhenAll(_exited, _error).WaitAsync(cancellationToken).ConfigureAwait(false);
        throw new LocalClusterException(
            $"The {Name} of the local cluster (process {Id}) ended with exit code {_process.ExitCode} before it was ready.{DescribeErrors()}");
    }

    /// <summary>What the process last wrote to stderr, as a part of a message; empty where it wrote nothing.</summary>
    public string DescribeErrors() => _errorTail.ToString() is { Length: > 0 } tail
        ? $" It wrote to stderr:{Environment.NewLine}{tail}"
        : " It wrote nothing to stderr.";

    /// <summary>Ends the process without a warning, as a crash would.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _exited.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // Closing stdin is the request to exit.
        _process.StandardInput.Close();
        try
        {
            await _exited.WaitAsync(ExitGrace, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _exited.ConfigureAwait(false);
        }

        await Task.WhenAll(_output, _error).ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        try
        {
            // Everything after the first line is read too, or the process would block on a full pipe.
            while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                _firstLine.TrySetResult(line);
            }
        }
        finally
        {
            _firstLine.TrySetResult(null);
        }
    }

    private async Task ReadErrorAsync(Action<string>? onLog)
    {
        while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            _errorTail.Add(line);
            onLog?.Invoke(line);
        }
    }
}
