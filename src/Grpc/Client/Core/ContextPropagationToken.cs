namespace Grpc.Core;

/// <summary>The deadline and cancellation of a call that is being served, for calls made on its behalf.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
