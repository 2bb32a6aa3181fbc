namespace Cluster.Client;

/// <summary>There is no function of a name, or it takes or returns something else than it was called with. The message says what there is.</summary>
public sealed class RegisteredFunctionException : ClusterException
{
    internal RegisteredFunctionException(string message, string function, Exception? innerException = null)
        : base(message, isTransient: false, innerException)
    {
        Function = function;
    }

    /// <summary>The name, as it was called.</summary>
    public string Function { get; }
}
