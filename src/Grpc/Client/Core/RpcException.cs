namespace Grpc.Core;

/// <summary>A call ended with a status other than OK. A service throws it to end its call with that status.</summary>
public class RpcException : Exception
{
    /// <summary>Creates an exception for a status.</summary>
    /// <param name="status">The result of the call.</param>
    public RpcException(Status status)
        : this(status, [], status.ToString())
    {
    }

    /// <summary>Creates an exception for a status with a message of its own.</summary>
    /// <param name="status">The result of the call.</param>
    /// <param name="message">The message of the exception; it is not sent.</param>
    public RpcException(Status status, string message)
        : this(status, [], message)
    {
    }

    /// <summary>Creates an exception for a status with trailers.</summary>
    /// <param name="status">The result of the call.</param>
    /// <param name="trailers">Metadata that came, or is to be sent, with the status.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Creates an exception for a status with trailers and a message of its own.</summary>
    /// <param name="status">The result of the call.</param>
    /// <param name="trailers">Metadata that came, or is to be sent, with the status.</param>
    /// <param name="message">The message of the exception; it is not sent.</param>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>The result of the call.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Metadata that came with the status.</summary>
    public Metadata Trailers { get; }
}
