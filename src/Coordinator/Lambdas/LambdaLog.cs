namespace Cluster.Coordinator.Lambdas;

/// <summary>What happens to lambdas that come as text. Event ids 1710 to 1719. The texts are not logged: they may have secrets in them.</summary>
internal static partial class LambdaLog
{
    [LoggerMessage(1710, LogLevel.Information, "{Lambda} ({TextBytes} bytes of text) compiled in {Seconds:0.000} s to {AssemblyBytes} bytes, for {Caller}.", EventName = "LambdaCompiled")]
    public static partial void Compiled(ILogger logger, string lambda, int textBytes, double seconds, ulong assemblyBytes, string caller);

    [LoggerMessage(1711, LogLevel.Information, "{Lambda} used again, by {Caller}.", EventName = "LambdaUsed")]
    public static partial void Used(ILogger logger, string lambda, string caller);

    [LoggerMessage(1712, LogLevel.Information, "{Lambda} ({TextBytes} bytes of text) does not compile: {Problems} problems, for {Caller}.", EventName = "LambdaRefused")]
    public static partial void Refused(ILogger logger, string lambda, int textBytes, long problems, string caller);

    [LoggerMessage(1713, LogLevel.Warning, "The compiler of {Lambda} ({TextBytes} bytes of text, of {Caller}) was given up: {Reason}", EventName = "LambdaGivenUp")]
    public static partial void GivenUp(ILogger logger, string lambda, int textBytes, string caller, string reason);
}
