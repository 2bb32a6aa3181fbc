using System.Runtime.InteropServices;

namespace Cluster.Cli.Hosting;

/// <summary>
/// Turns Ctrl-C and SIGTERM into a cancellation, so that everything that was started is ended before this process is. A second signal
/// does not wait for that: the processes of the cluster notice the end of this one.
/// </summary>
internal sealed class Termination : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public Termination()
    {
        Token = _source.Token;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, ExitCodes.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, ExitCodes.Terminated)),
        ];
    }

    public CancellationToken Token { get; }

    /// <summary>The exit code for the signal that came; <see cref="ExitCodes.Success"/> before one came.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void End(PosixSignalContext context, int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, ExitCodes.Success) == ExitCodes.Success)
        {
            context.Cancel = true;
            _source.Cancel();
        }
    }
}
