namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase
{
    private readonly ClientBaseConfiguration? _configuration;

    /// <summary>Creates a client without a channel, for tests that override its methods.</summary>
    protected ClientBase()
    {
    }

    /// <summary>Creates a client from the configuration of another one.</summary>
    /// <param name="configuration">The configuration.</param>
    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
    }

    /// <summary>Creates a client over a channel.</summary>
    /// <param name="channel">The channel.</param>
    protected ClientBase(ChannelBase channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        _configuration = new ClientBaseConfiguration(channel.CreateCallInvoker(), null);
    }

    /// <summary>Creates a client over a call invoker.</summary>
    /// <param name="callInvoker">What makes the calls.</param>
    protected ClientBase(CallInvoker callInvoker)
    {
        ArgumentNullException.ThrowIfNull(callInvoker);
        _configuration = new ClientBaseConfiguration(callInvoker, null);
    }

    /// <summary>What makes the calls.</summary>
    /// <exception cref="InvalidOperationException">The client was created without a channel.</exception>
    protected CallInvoker CallInvoker => Configuration.CallInvoker;

    private protected ClientBaseConfiguration Configuration => _configuration
        ?? throw new InvalidOperationException("This client was created without a channel, so it makes no calls but those that a test overrides.");

    /// <summary>What clients of one channel share.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "As in Grpc.Core.")]
    protected internal class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker callInvoker, string? host)
        {
            CallInvoker = callInvoker;
            Host = host;
        }

        internal CallInvoker CallInvoker { get; }

        internal string? Host { get; }
    }
}
