namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Serves one call, whatever sides of it are streams.</summary>
internal delegate Task ServerMethod<TService, TRequest, TResponse>(
    TService service,
    ServerCall call,
    RequestStreamReader<TRequest> requests,
    ResponseStreamWriter<TResponse> responses)
    where TRequest : class
    where TResponse : class;
