using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>The result of a call: a code and, unless it is OK, a message for people.</summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "As in Grpc.Core: compared by its parts.")]
public struct Status
{
    /// <summary>Success, without a message.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>Cancelled, without a message.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>Creates a status.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">What happened, for people; sent to the peer.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>Creates a status with the local cause of the failure.</summary>
    /// <param name="statusCode">The code.</param>
    /// <param name="detail">What happened, for people; sent to the peer.</param>
    /// <param name="debugException">The exception behind it; never sent.</param>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail;
        DebugException = debugException;
    }

    /// <summary>The code.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>What happened, for people.</summary>
    public string Detail { get; }

    /// <summary>The local cause, if there is one. It never travels.</summary>
    public Exception? DebugException { get; }

    /// <inheritdoc/>
    public override readonly string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";
}
