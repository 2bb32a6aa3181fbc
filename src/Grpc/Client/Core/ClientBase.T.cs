namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
/// <typeparam name="T">The client itself.</typeparam>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    /// <summary>Creates a client without a channel, for tests that override its methods.</summary>
    protected ClientBase()
    {
    }

    /// <summary>Creates a client from the configuration of another one.</summary>
    /// <param name="configuration">The configuration.</param>
    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>Creates a client over a channel.</summary>
    /// <param name="channel">The channel.</param>
    protected ClientBase(ChannelBase channel)
        : base(channel)
    {
    }

    /// <summary>Creates a client over a call invoker.</summary>
    /// <param name="callInvoker">What makes the calls.</param>
    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker)
    {
    }

    /// <summary>The same client, calling another authority.</summary>
    /// <param name="host">The authority.</param>
    public T WithHost(string host) => NewInstance(new ClientBaseConfiguration(new HostCallInvoker(CallInvoker, host), host));

    /// <summary>Creates a client of the same type.</summary>
    /// <param name="configuration">Its configuration.</param>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}
