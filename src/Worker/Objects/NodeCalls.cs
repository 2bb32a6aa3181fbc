using Grpc.Core;
using ObjectsService = Cluster.Protocol.V1.Objects;

namespace Cluster.Worker.Objects;

/// <summary>Makes the calls of the tasks' client: sessions with shared objects, through the node, and no others.</summary>
/// <param name="socket">Where the node listens.</param>
/// <param name="key">What the worker has to say there.</param>
internal sealed class NodeCalls(string socket, string key) : CallInvoker
{
    private static readonly string Session = $"/{ObjectsService.Descriptor.FullName}/Session";

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        if (method.FullName != Session)
        {
            throw Refuse(method);
        }

        var call = new ObjectCall(socket, key, options.CancellationToken);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            (IClientStreamWriter<TRequest>)(object)call, (IAsyncStreamReader<TResponse>)(object)call, Task.FromResult(Metadata.Empty), () => call.Status, () => Metadata.Empty, call.Dispose);
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw Refuse(method);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw Refuse(method);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw Refuse(method);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        throw Refuse(method);

    private static RpcException Refuse(IMethod method) => new(new Status(
        StatusCode.Unimplemented,
        $"{method.FullName}: a task's cluster has shared objects and nothing else. Start jobs from the program that started this one; a task that waited for others could keep the slot that they need."));
}
