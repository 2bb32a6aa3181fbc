using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using ErrorInfo = Cluster.Protocol.V1.ErrorInfo;
using Status = Grpc.Core.Status;

namespace Cluster.Coordinator.Errors;

/// <summary>Statuses that say in fields, too, what they say in words: google.rpc.Status in the trailer <c>grpc-status-details-bin</c>.</summary>
internal static class RichStatus
{
    private const string Trailer = "grpc-status-details-bin";

    // Trailers are headers, and clients take no more than 8 KiB of those.
    private const int MaxDetailBytes = 2 << 10;

    // A coordinator that restarts is back after about as long.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A field of the request makes no sense: google.rpc.BadRequest.</summary>
    public static RpcException BadField(string field, string message) =>
        With(StatusCode.InvalidArgument, message, new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = message } } });

    /// <summary>There is no such thing: google.rpc.ResourceInfo.</summary>
    public static RpcException Missing(string kind, string name, string message) =>
        With(StatusCode.NotFound, message, new ResourceInfo { ResourceType = kind, ResourceName = name, Description = message });

    /// <summary>There is another such thing already: google.rpc.ResourceInfo.</summary>
    public static RpcException Existing(string kind, string name, string message) =>
        With(StatusCode.AlreadyExists, message, new ResourceInfo { ResourceType = kind, ResourceName = name, Description = message });

    /// <summary>What is asked for fits no message, no disk, no limit: google.rpc.QuotaFailure.</summary>
    public static RpcException TooMuch(string subject, string message) =>
        With(StatusCode.ResourceExhausted, message, new QuotaFailure { Violations = { new QuotaFailure.Types.Violation { Subject = subject, Description = message } } });

    /// <summary>Something else has to be so first: google.rpc.PreconditionFailure.</summary>
    /// <param name="type">What kind of thing, in capitals.</param>
    /// <param name="subject">Which one.</param>
    /// <param name="message">What is wrong with it, and what to do.</param>
    public static RpcException Unmet(string type, string subject, string message) => With(
        StatusCode.FailedPrecondition, message, new PreconditionFailure { Violations = { new PreconditionFailure.Types.Violation { Type = type, Subject = subject, Description = message } } });

    /// <summary>Not now, but perhaps in a moment: google.rpc.RetryInfo.</summary>
    public static RpcException NotNow(string message) => With(StatusCode.Unavailable, message, new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) });

    /// <summary>A job ended early: cluster.v1.ErrorInfo.</summary>
    public static RpcException JobFailed(ErrorInfo error)
    {
        var code = error.Kind switch
        {
            ErrorKind.NoNodes or ErrorKind.NodeLost => StatusCode.Unavailable,
            ErrorKind.Code => StatusCode.FailedPrecondition,
            ErrorKind.Argument or ErrorKind.Protocol => StatusCode.InvalidArgument,
            ErrorKind.Cancelled => StatusCode.Cancelled,
            _ => StatusCode.Internal,
        };
        var detail = error.CalculateSize() <= MaxDetailBytes
            ? error
            : new ErrorInfo { Kind = error.Kind, Type = error.Type, Node = error.Node, WorkerPid = error.WorkerPid, Attempt = error.Attempt, Transient = error.Transient };
        return With(code, error.Message, detail);
    }

    /// <summary>Any status with details.</summary>
    public static RpcException With(StatusCode code, string message, params IMessage[] details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message, Details = { details.Select(static detail => Any.Pack(detail)) } };
        if (status.CalculateSize() > 2 * MaxDetailBytes)
        {
            status.Details.Clear();
            status.Message = "";
        }

        return new RpcException(new Status(code, message), new Metadata { { Trailer, status.ToByteArray() } });
    }
}
