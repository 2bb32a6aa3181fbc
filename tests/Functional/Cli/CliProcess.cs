using System.Diagnostics;
using System.Text;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

/// <summary>The command line as its users run it: a process with pipes.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private CliProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Finds it and everything that it started.</summary>
    public ProcessMark Mark { get; private init; } = new();

    public int Id => _process.Id;

    public StreamReader Output => _process.StandardOutput;

    public StreamWriter Input => _process.StandardInput;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Dll => BuildOutput.Of("src/Cli", "cluster.dll");

    /// <summary>Starts a command, as the leader of a process group of its own.</summary>
    public static CliProcess Start(params string[] arguments) => Start([], arguments);

    /// <summary>The same, by a command that replaces itself with the program, such as <c>ip netns exec NAME</c>.</summary>
    public static CliProcess Start(string[] wrapper, params string[] arguments) => StartProgram("setsid", [.. wrapper, "dotnet", Dll, .. arguments]);

    /// <summary>Starts a command on a terminal of 30 lines and 120 columns: its output and its errors are what is written there, its input is what is typed.</summary>
    public static CliProcess StartOnTerminal(string environment, params string[] arguments) => StartProgram(
        "setsid", ["script", "-qefc", $"stty rows 30 cols 120; exec env {environment} dotnet {string.Join(' ', arguments.Prepend(Dll).Select(static word => $"'{word}'"))}", "/dev/null"]);

    /// <summary>Starts a program that knows the command as <c>cluster</c>.</summary>
    public static CliProcess StartProgram(string program, params string[] arguments)
    {
        var startInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        startInfo.Environment.Remove("CLUSTER_ADDRESS");
        startInfo.Environment.Remove("CLUSTER_TOKEN");
        var mark = new ProcessMark();
        mark.Set(startInfo);
        return new CliProcess(Process.Start(startInfo)!) { Mark = mark };
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="input">What it reads from stdin.</param>
    /// <param name="arguments">Its command line.</param>
    public static async Task<CliResult> RunAsync(string input, params string[] arguments)
    {
        await using var cli = Start(arguments);
        return await cli.RunToEndAsync(input);
    }

    /// <summary>Gives it input and waits for its end.</summary>
    public async Task<CliResult> RunToEndAsync(string input)
    {
        var cli = this;
        var output = cli.Output.ReadToEndAsync(Token);
        try
        {
            await cli.Input.WriteAsync(input.AsMemory(), Token);
            cli.Input.Close();
        }
        catch (IOException)
        {
            // A command that needs no input may have ended already.
        }

        var exitCode = await cli.WaitForExitAsync();
        return new CliResult(exitCode, await output, await cli.ReadErrorAsync());
    }

    /// <summary>Gives it input.</summary>
    public async Task TypeAsync(string text)
    {
        await Input.WriteAsync(text.AsMemory(), Token);
        await Input.FlushAsync(Token);
    }

    /// <summary>Reads output until a text has come.</summary>
    /// <returns>Everything that was read.</returns>
    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        var buffer = new char[4096];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Deadline);
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count;
            try
            {
                count = await Output.ReadAsync(buffer, deadline.Token);
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                throw new TimeoutException($"'{text}' has not come. There was:\n{read}");
            }

            if (count == 0)
            {
                throw new InvalidOperationException($"The command has ended without '{text}'. There was:\n{read}");
            }

            read.Append(buffer, 0, count);
        }

        return read.ToString();
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(Token).WaitAsync(Deadline, TimeProvider.System, Token);
        return _process.ExitCode;
    }

    /// <summary>Everything on stderr, once it has ended.</summary>
    public Task<string> ReadErrorAsync() => _error.WaitAsync(Deadline, TimeProvider.System, Token);

    /// <summary>The next line on stdout.</summary>
    public async Task<string> ReadLineAsync() =>
        await Output.ReadLineAsync(Token).AsTask().WaitAsync(Deadline, TimeProvider.System, Token)
        ?? throw new InvalidOperationException($"The command ended without a line. It wrote to stderr: {await ReadErrorAsync()}");

    public async ValueTask DisposeAsync()
    {
        foreach (var pid in Mark.FindAlive().Keys)
        {
            try
            {
                Signals.Send(pid, Signals.Kill);
            }
            catch (InvalidOperationException)
            {
                // It has ended meanwhile.
            }
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
