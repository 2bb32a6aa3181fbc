using Cluster.Protocol.V1;

namespace Cluster.Client.Objects.Exceptions;

/// <summary>Makes exceptions of the coordinator's answers: where .NET has one for the same in one process, that one.</summary>
internal static class ObjectErrors
{
    /// <summary>Throws what an answer says, if it is an error.</summary>
    public static ObjectReply OrThrow(this ObjectReply reply) => reply.Error is { } error ? throw Of(error) : reply;

    /// <summary>The exception for an error.</summary>
    public static Exception Of(ObjectError error) => error.Code switch
    {
        ObjectErrorCode.Deleted => new ObjectDeletedException(error.Message),
        ObjectErrorCode.StaleFence => new StaleFenceException(error.Message, (long)error.Token),
        ObjectErrorCode.Overflow => new OverflowException(error.Message),
        ObjectErrorCode.OutOfRange => new ArgumentOutOfRangeException(null, error.Message),
        ObjectErrorCode.Full => new QueueFullException(error.Message),
        ObjectErrorCode.Empty => new QueueEmptyException(error.Message),
        ObjectErrorCode.ShutDown => new QueueShutDownException(error.Message),
        ObjectErrorCode.EndOfStream => new EndOfStreamException(error.Message),
        ObjectErrorCode.NotHeld => new SynchronizationLockException(error.Message),
        ObjectErrorCode.TooOften => new InvalidOperationException(error.Message),
        ObjectErrorCode.Broken => new BarrierBrokenException(error.Message),
        ObjectErrorCode.Cancelled => new OperationCanceledException(error.Message),
        ObjectErrorCode.NotStored => new ClusterObjectException(error.Message, isTransient: true),
        _ => new ClusterObjectException(error.Message),
    };
}
