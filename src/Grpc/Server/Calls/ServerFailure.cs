using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What an exception of a service means for its call.</summary>
internal static class ServerFailure
{
    public static (Status Status, Metadata Trailers) ToStatus(Exception exception, bool tellDetails) => exception switch
    {
        RpcException rpc => (rpc.Status, rpc.Trailers),
        OperationCanceledException => (new Status(StatusCode.Cancelled, "The service cancelled the call."), Metadata.Empty),
        _ => (new Status(
            StatusCode.Unknown,
            tellDetails ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}" : "Exception was thrown by handler."), Metadata.Empty),
    };
}
