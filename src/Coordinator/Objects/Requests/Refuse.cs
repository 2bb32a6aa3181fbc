using Cluster.Protocol.V1;
using Code = Cluster.Protocol.V1.ObjectErrorCode;

namespace Cluster.Coordinator.Objects.Requests;

/// <summary>Replies that say what is wrong, and what to do about it.</summary>
internal static class Refuse
{
    public static ObjectReply With(Code code, string message) => new() { Error = new ObjectError { Code = code, Message = message } };

    public static ObjectReply Invalid(string message) => With(Code.Invalid, message);

    public static ObjectReply TooLarge(string what, string limit, long allowed, long actual) => new()
    {
        Error = new ObjectError
        {
            Code = Code.TooLarge,
            Message = $"{what}: {actual}, and at most {allowed} are allowed ({limit} of the coordinator).",
            Limit = (ulong)allowed,
            Actual = (ulong)actual,
        },
    };

    public static ObjectReply NoMemory(long allowed, long actual) => new()
    {
        Error = new ObjectError
        {
            Code = Code.TooLarge,
            Message = $"Bytes that all shared objects take: {actual} with this change, and at most {allowed} are allowed (--max-object-bytes of the coordinator). "
                + "Delete what nobody needs any more, or start the coordinator with a larger --max-object-bytes. Reads and deletions go on.",
            Limit = (ulong)allowed,
            Actual = (ulong)actual,
        },
    };

    public static ObjectReply Unknown(ulong id, bool existed) => existed
        ? With(Code.Deleted, $"Object {id} was deleted, or all sessions that had a reference to it gave theirs back or ended. Open it anew.")
        : With(Code.NotFound, $"There has never been an object {id} here. Ids come from `open`; after the coordinator has lost its objects they have to be opened anew.");

    public static ObjectReply WrongKind(SharedObject target, string operation) =>
        With(Code.WrongKind, $"{target.Title} is a {target.Kind.Word()}, which does not take `{operation}`.");

    public static ObjectReply StaleFence(Fence fence, ulong current) => new()
    {
        Error = new ObjectError
        {
            Code = Code.StaleFence,
            Token = current,
            Message = $"The fence names token {fence.Token} of lock {fence.Lock}, which is "
                + (current == 0 ? "not held by anybody now" : $"held under token {current} now")
                + ": the caller has lost the lock. Acquire it again, and look at what it guards before writing.",
        },
    };

    public static ObjectReply Cancelled(uint accepted = 0) => new()
    {
        Error = new ObjectError { Code = Code.Cancelled, Message = "The request was cancelled while it waited.", Accepted = accepted },
    };

    public static ObjectReply Deleted(SharedObject target, uint accepted = 0) => new()
    {
        Error = new ObjectError { Code = Code.Deleted, Message = $"{target.Title} was deleted while the request waited for it.", Accepted = accepted },
    };
}
