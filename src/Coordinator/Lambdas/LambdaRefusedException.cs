namespace Cluster.Coordinator.Lambdas;

/// <summary>A text cannot be compiled, whatever is in it. The message is meant for the caller.</summary>
internal sealed class LambdaRefusedException(LambdaRefusal reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    private const string Remedy = "Make it simpler, or push the code as a file (cluster push).";

    /// <summary>What is to blame.</summary>
    public LambdaRefusal Reason { get; } = reason;

    /// <summary>Says why compilers gave up.</summary>
    public static LambdaRefusedException For(Exception exception) => exception switch
    {
        TimeoutException => new(LambdaRefusal.Text, $"`csharp` was not compiled. {exception.Message} {Remedy}", exception),
        CompilerEndedException => new(LambdaRefusal.Text, $"`csharp` nests too deep or is too large: the compiler gave up ({exception.Message}). {Remedy}", exception),
        CompilersBusyException => new(LambdaRefusal.Busy, exception.Message, exception),
        _ => new(LambdaRefusal.Compiler, exception.Message, exception),
    };
}
