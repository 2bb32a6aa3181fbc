using Cluster.Client.Exceptions;
using Grpc.Core;

namespace Cluster.Client.Detached;

/// <summary>Makes exceptions of what calls about submitted jobs end with.</summary>
internal static class JobErrors
{
    public static Exception Explain(RpcException status, string address, string jobId) => status.StatusCode == StatusCode.NotFound
        ? new JobNotFoundException(status.Status.Detail, jobId, status)
        : CallErrors.Explain(status, address);
}
