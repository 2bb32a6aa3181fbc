using Cluster.Client;
using Cluster.Protocol.V1;

namespace Cluster.Cli.Output;

/// <summary>The line of an item that failed, in the place of its result.</summary>
internal sealed record FailureLine(FailureLine.Details Error)
{
    /// <returns>The line; null where not an item failed but the whole job.</returns>
    public static FailureLine? Of(Exception exception) => exception switch
    {
        RemoteTaskException { Index: { } index } remote => new FailureLine(new Details(index, remote.RemoteType, remote.RemoteMessage)
        {
            Node = NullIfEmpty(remote.Node),
            Pid = remote.WorkerPid,
            Attempt = remote.Attempt,
            Stack = NullIfEmpty(remote.RemoteStack),
            Stderr = NullIfEmpty(remote.StderrTail),
        }),
        WorkerLostException { Index: { } index } lost => new FailureLine(new Details(index, lost.GetType().FullName!, lost.Message)
        {
            Node = NullIfEmpty(lost.Node),
            Attempt = lost.Attempts,
            ExitCode = lost.ExitCode,
            Signal = lost.Signal,
            Stderr = NullIfEmpty(lost.StderrTail),
        }),
        TaskTimeoutException timeout => new FailureLine(new Details(timeout.Index, typeof(TaskTimeoutException).FullName!, timeout.Message)
        {
            Node = NullIfEmpty(timeout.Node),
            Pid = timeout.WorkerPid,
            Attempt = timeout.Attempt,
            Stack = NullIfEmpty(timeout.RemoteStack),
            Stderr = NullIfEmpty(timeout.StderrTail),
        }),
        _ => null,
    };

    /// <summary>The same for what a coordinator tells of an item.</summary>
    public static FailureLine Of(ulong index, ErrorInfo error) => new(new Details((long)index, TypeOf(error), error.Message)
    {
        Node = NullIfEmpty(error.Node),
        Attempt = error.Attempt > 0 ? (int)error.Attempt : null,
        ExitCode = error.HasExitCode ? error.ExitCode : null,
        Signal = error.HasSignal ? error.Signal : null,
        Stack = NullIfEmpty(error.Stack),
    });

    /// <summary>What kind of failure it is: the exception's type, where the function threw one.</summary>
    public static string TypeOf(ErrorInfo error) => error.Type.Length > 0 ? error.Type : error.Kind.ToString();

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>What is known about the failure.</summary>
    internal sealed record Details(long Index, string Type, string Message)
    {
        public string? Node { get; init; }

        public int? Pid { get; init; }

        public int? Attempt { get; init; }

        public int? ExitCode { get; init; }

        public int? Signal { get; init; }

        public string? Stack { get; init; }

        public string? Stderr { get; init; }
    }
}
