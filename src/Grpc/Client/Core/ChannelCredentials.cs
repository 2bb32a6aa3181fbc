namespace Grpc.Core;

/// <summary>How a channel is secured.</summary>
public abstract class ChannelCredentials
{
    private protected ChannelCredentials()
    {
    }

    /// <summary>No transport security: the address is <c>http</c>.</summary>
    public static ChannelCredentials Insecure { get; } = new TransportCredentials(isSecure: false, callCredentials: null);

    /// <summary>TLS as the HTTP handler is configured: the address is <c>https</c>.</summary>
    public static ChannelCredentials SecureSsl { get; } = new TransportCredentials(isSecure: true, callCredentials: null);

    internal abstract bool IsSecure { get; }

    internal abstract CallCredentials? CallCredentials { get; }

    /// <summary>Adds credentials that travel with every call of the channel.</summary>
    /// <param name="channelCredentials">How the channel is secured.</param>
    /// <param name="callCredentials">What travels with each call.</param>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        return new TransportCredentials(channelCredentials.IsSecure, callCredentials);
    }
}
