namespace Grpc.Core;

/// <summary>The requests of a call.</summary>
/// <typeparam name="T">The messages.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no more requests follow.</summary>
    Task CompleteAsync();
}
