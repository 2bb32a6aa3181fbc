namespace Cluster.Cli;

/// <summary>How the command ends: a part of its interface, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>Everything worked.</summary>
    public const int Success = 0;

    /// <summary>An item failed, or a process of the cluster did, or it refused what was asked.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the function's name or an item makes no sense. Nothing that was wrong has run.</summary>
    public const int Usage = 2;

    /// <summary>There is no cluster at the address, it refused, or no node could run the work in time.</summary>
    public const int Unavailable = 3;

    /// <summary>There is no such entry.</summary>
    public const int Missing = 4;

    /// <summary>Ctrl-C: 128 + SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read the results stopped doing so: 128 + SIGPIPE.</summary>
    public const int OutputClosed = 141;

    /// <summary>Asked to end: 128 + SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>For the help text.</summary>
    public const string Help =
        "Exit codes: 0 success, 1 an item failed or the cluster refused, 2 bad usage or input, 3 no cluster, 4 no such entry, 130 interrupted, 141 output closed, 143 terminated.";
}
