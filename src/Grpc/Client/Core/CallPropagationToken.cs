namespace Grpc.Core;

/// <summary>What a call takes over from the one on whose behalf it is made.</summary>
internal sealed class CallPropagationToken(DateTimeOffset? deadline, CancellationToken cancellationToken) : ContextPropagationToken
{
    public DateTimeOffset? Deadline { get; } = deadline;

    public CancellationToken CancellationToken { get; } = cancellationToken;
}
