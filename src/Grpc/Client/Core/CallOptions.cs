using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>How one call is made.</summary>
/// <param name="headers">Metadata to send.</param>
/// <param name="deadline">When to stop waiting (UTC).</param>
/// <param name="cancellationToken">Cancels the call.</param>
/// <param name="writeOptions">How requests are written.</param>
/// <param name="propagationToken">The call on whose behalf this one is made.</param>
/// <param name="credentials">Credentials that travel with this call.</param>
[SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "As in Grpc.Core.")]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "As in Grpc.Core: never compared.")]
public struct CallOptions(
    Metadata? headers = null,
    DateTime? deadline = null,
    CancellationToken cancellationToken = default,
    WriteOptions? writeOptions = null,
    ContextPropagationToken? propagationToken = null,
    CallCredentials? credentials = null)
{
    /// <summary>Metadata to send.</summary>
    public Metadata? Headers { get; private set; } = headers;

    /// <summary>When to stop waiting (UTC).</summary>
    public DateTime? Deadline { get; private set; } = deadline;

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private set; } = cancellationToken;

    /// <summary>How requests are written.</summary>
    public WriteOptions? WriteOptions { get; private set; } = writeOptions;

    /// <summary>The call on whose behalf this one is made.</summary>
    public ContextPropagationToken? PropagationToken { get; private set; } = propagationToken;

    /// <summary>Credentials that travel with this call.</summary>
    public CallCredentials? Credentials { get; private set; } = credentials;

    /// <summary>The same options with other metadata.</summary>
    /// <param name="headers">Metadata to send.</param>
    public readonly CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>The same options with another deadline.</summary>
    /// <param name="deadline">When to stop waiting (UTC).</param>
    public readonly CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>The same options with another token.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>The same options with other write options.</summary>
    /// <param name="writeOptions">How requests are written.</param>
    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>The same options on behalf of another call.</summary>
    /// <param name="propagationToken">That call.</param>
    public readonly CallOptions WithPropagationToken(ContextPropagationToken propagationToken) => this with { PropagationToken = propagationToken };

    /// <summary>The same options with other credentials.</summary>
    /// <param name="credentials">Credentials that travel with this call.</param>
    public readonly CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };
}
