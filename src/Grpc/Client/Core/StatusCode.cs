namespace Grpc.Core;

/// <summary>The result codes of gRPC calls, as numbered by the protocol.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by its caller.</summary>
    Cancelled = 1,

    /// <summary>An error that nothing more is known about.</summary>
    Unknown = 2,

    /// <summary>The caller sent an argument that is wrong whatever the state of the system.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call was complete. It may have taken effect all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>Something that the call names was not found.</summary>
    NotFound = 5,

    /// <summary>Something that the call would create exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known, and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota, a size limit or a store is exhausted.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in a state in which the call is possible.</summary>
    FailedPrecondition = 9,

    /// <summary>The call was aborted, for instance by a conflict with another one.</summary>
    Aborted = 10,

    /// <summary>The call went past the valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not implement the method.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the system is broken.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached at present; the call may be tried again.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The call has no valid credentials.</summary>
    Unauthenticated = 16,
}
