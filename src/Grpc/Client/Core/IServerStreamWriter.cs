namespace Grpc.Core;

/// <summary>The responses of a call. The stream ends when the method of the service returns.</summary>
/// <typeparam name="T">The messages.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
