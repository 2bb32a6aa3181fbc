using Cluster.Protocol.V1;

namespace Cluster.Worker.Code;

/// <summary>The function of a job cannot run here: its code does not load, or the method is not what the caller said.</summary>
internal sealed class CodeException : Exception
{
    public CodeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The failure as the caller gets it.</summary>
    public ErrorInfo ToErrorInfo() => ToErrorInfo(ErrorKind.Code, this);

    private static ErrorInfo ToErrorInfo(ErrorKind kind, Exception exception)
    {
        var error = new ErrorInfo
        {
            Kind = kind,
            Type = exception is CodeException ? "" : exception.GetType().FullName,
            Message = exception.Message,
            Stack = exception is CodeException ? "" : exception.StackTrace ?? "",
        };
        if (exception.InnerException is { } inner)
        {
            error.Inner = ToErrorInfo(kind, inner);
        }

        return error;
    }
}
