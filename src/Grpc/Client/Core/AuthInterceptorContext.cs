namespace Grpc.Core;

/// <summary>The call that credentials are wanted for.</summary>
/// <param name="serviceUrl">The address and the service.</param>
/// <param name="methodName">The name of the method.</param>
/// <param name="cancellationToken">Cancelled with the call.</param>
public class AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken = default)
{
    /// <summary>The address and the service.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1056:URI-like properties should not be strings", Justification = "As in Grpc.Core.")]
    public string ServiceUrl { get; } = serviceUrl;

    /// <summary>The name of the method.</summary>
    public string MethodName { get; } = methodName;

    /// <summary>Cancelled with the call.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}
