using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Lambdas;

/// <summary>
/// A compiler: a process that turns one text at a time into an assembly and can be ended whatever the text has it do. It ends by itself when this process does, whose end of its stdin
/// closes then.
/// </summary>
internal sealed class CompilerProcess : IAsyncDisposable
{
    private const int MaxReplyBytes = 4 << 20;
    private const int MaxErrorLength = 1000;
    private const string FirstVictim = "1000";

    private readonly Process _process;
    private readonly Task<string> _errors;

    private CompilerProcess(Process process)
    {
        _process = process;
        _errors = ReadErrorsAsync(process.StandardError);
    }

    /// <summary>When it last had work.</summary>
    public DateTimeOffset IdleSince { get; set; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it is gone.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a compiler.</summary>
    /// <returns>One that is ready.</returns>
    /// <exception cref="CompilerEndedException">It is not; the message says what it has written.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task<CompilerProcess> StartAsync(CompilerCommand command, long maxHeapBytes, CancellationToken cancellationToken)
    {
        var compiler = new CompilerProcess(Start(command.ToStartInfo(maxHeapBytes)));
        try
        {
            compiler.StepBack();
            await compiler.ReceiveAsync(cancellationToken);
            return compiler;
        }
        catch
        {
            await compiler.DisposeAsync();
            throw;
        }
    }

    /// <summary>Compiles a text. Where this fails, the process is of no use any more.</summary>
    /// <exception cref="CompilerEndedException">It has ended.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or nobody waits for it any more.</exception>
    public async Task<CompileReply> CompileAsync(CompileRequest request, CancellationToken cancellationToken)
    {
        // A read of a pipe takes no token; the end of the process ends it.
        await using var ending = cancellationToken.Register(Kill);
        try
        {
            await MessagePipe.WriteAsync(_process.StandardInput.BaseStream, request, CancellationToken.None);
        }
        catch (IOException)
        {
            // It has ended. Its output ends too, and how it ended says more.
        }

        return await ReceiveAsync(cancellationToken);
    }

    /// <summary>Ends the process, whatever it does, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new CompilerEndedException($"{start.FileName} cannot be started: {exception.Message}", exception);
        }
    }

    private async Task<CompileReply> ReceiveAsync(CancellationToken cancellationToken)
    {
        await using var ending = cancellationToken.Register(Kill);
        try
        {
            if (await MessagePipe.ReadAsync(_process.StandardOutput.BaseStream, CompileReply.Parser, MaxReplyBytes, CancellationToken.None) is { } reply)
            {
                return reply;
            }
        }
        catch (Exception exception) when (exception is EndOfStreamException or IOException)
        {
            // It ended while it wrote; as below.
        }

        cancellationToken.ThrowIfCancellationRequested();
        await _process.WaitForExitAsync(cancellationToken);
        var said = FirstLine(await _errors);
        throw new CompilerEndedException(string.Create(CultureInfo.InvariantCulture, $"exit code {_process.ExitCode}; {said}"));
    }

    // Where processor or memory are short, this process goes first: the coordinator and its jobs are worth more than a text.
    private void StepBack()
    {
        try
        {
            _process.PriorityClass = ProcessPriorityClass.BelowNormal;
            if (OperatingSystem.IsLinux())
            {
                File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/oom_score_adj"), FirstVictim);
            }
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // It has ended, which shows at once, or the system does not allow it, and the limits that it has hold all the same.
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It is gone, or going.
        }
    }

    // To its end, so that it is not held up, however much it writes: the stack of a text that nests too deep has megabytes.
    private static async Task<string> ReadErrorsAsync(StreamReader errors)
    {
        var kept = "";
        var buffer = new char[4096];
        try
        {
            for (int read; (read = await errors.ReadAsync(buffer)) > 0;)
            {
                kept += new string(buffer, 0, Math.Min(read, MaxErrorLength - kept.Length));
            }
        }
        catch (IOException)
        {
            // The pipe broke with the process; what was said before counts.
        }

        return kept;
    }

    private static string FirstLine(string text) => text.TrimStart().Split('\n')[0].Trim() is { Length: > 0 } line ? line : "it said nothing";
}
