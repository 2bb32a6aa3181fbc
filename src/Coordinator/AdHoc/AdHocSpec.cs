using System.Globalization;
using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Jobs;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>What people want, as programs would say it.</summary>
internal static class AdHocSpec
{
    /// <summary>The spec of a job.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="function">The function that it names.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the items cannot become the function's arguments, or the time makes no sense.</exception>
    public static JobSpec Create(MapRequest request, NamedFunction function)
    {
        if (request.Timeout is not null && (!WireDuration.TryRead(request.Timeout, out var timeout) || timeout <= TimeSpan.Zero || timeout > RetryFilter.MaxTimeout))
        {
            throw RichStatus.BadField("timeout", $"`timeout` is {request.Timeout}; it is more than zero and at most {RetryFilter.MaxTimeout.TotalDays:0} days, or absent.");
        }

        return new JobSpec
        {
            ProtocolVersion = ProtocolVersion.Current,
            Name = request.Name.Length > 0 ? request.Name : request.Function,
            Function = function.Reference,
            InputFormat = Format.Json,
            ResultFormat = Format.Json,
            Arguments = ArgumentsOf(request, function),
            ChunkSize = request.ChunkSize,
            Priority = request.Priority,
            Requires = { request.Requires },
            OnError = request.OnError,
            ExpectedCount = (ulong)request.Items.Count,
            ItemTimeout = request.Timeout,
            Retry = request.Retry,
            Speculate = request.Speculate,
            NoNodesTimeout = request.NoNodesTimeout,
        };
    }

    private static Arguments ArgumentsOf(MapRequest request, NamedFunction function)
    {
        var parameters = function.Description.Parameters.Count;
        if (parameters == 0)
        {
            return Arguments.None;
        }

        if (request.Star || parameters == 1)
        {
            return request.Star ? Arguments.Spread : Arguments.Single;
        }

        var names = string.Join(", ", function.Description.Parameters.Select(static parameter => parameter.Name));
        throw RichStatus.BadField("star", string.Create(
            CultureInfo.InvariantCulture,
            $"{function.Signature} takes {parameters} arguments, and each item is one. Set `star`, and write each item as a list: [{names}]."));
    }
}
