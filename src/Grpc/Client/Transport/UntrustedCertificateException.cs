using System.Security.Authentication;

namespace Grpc.Transport;

/// <summary>A server's certificate is not trusted. The message says which one it is and what is wrong with it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="isUnknownIssuer">Whether all that is wrong is that nobody who is trusted has issued it.</param>
public sealed class UntrustedCertificateException(string message, bool isUnknownIssuer) : AuthenticationException(message)
{
    /// <summary>Whether trusting another authority would make it right. Otherwise it has expired, is for another address or use, or there is none.</summary>
    public bool IsUnknownIssuer { get; } = isUnknownIssuer;
}
