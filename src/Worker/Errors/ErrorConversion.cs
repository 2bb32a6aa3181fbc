using System.Globalization;
using Cluster.Client;
using Cluster.Protocol.V1;
using Cluster.Worker.Running;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace Cluster.Worker.Errors;

/// <summary>
/// Turns exceptions into what travels. Never fails: the exception is the user's, and so may be the code behind its properties; and it stays
/// small, whatever it says.
/// </summary>
internal static class ErrorConversion
{
    private const int MaxMessage = 16 << 10;
    private const int MaxStack = 32 << 10;
    private const int MaxDepth = 8;
    private const int MaxInner = 8;

    public static ErrorInfo Convert(ErrorKind kind, Exception exception, string? message = null)
    {
        var room = MaxInner;
        return Convert(kind, exception, message, 0, ref room);
    }

    /// <summary>A failure without an exception of its own.</summary>
    public static ErrorInfo Create(ErrorKind kind, string message) => new() { Kind = kind, Message = Cut(message, MaxMessage) };

    /// <summary>An attempt at an item took too long; what it ended with goes along.</summary>
    public static ErrorInfo TimeUp(TimeUpException timeUp)
    {
        var how = timeUp.InnerException is null ? "came back with a result too late" : $"ended with {timeUp.InnerException.GetType()}";
        return new ErrorInfo
        {
            Kind = ErrorKind.Timeout,
            Type = typeof(TaskTimeoutException).FullName,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"It ran for {timeUp.Elapsed.TotalSeconds:0.###} s and {how}; its timeout is {timeUp.Timeout.TotalSeconds:0.###} s. If it needs longer, raise Timeout (TaskOptions, MapOptions)."),
            Timeout = Duration.FromTimeSpan(timeUp.Timeout),
            Elapsed = Duration.FromTimeSpan(timeUp.Elapsed),
            Inner = timeUp.InnerException is { } end ? Convert(ErrorKind.User, end) : null,
            Transient = true,
        };
    }

    private static ErrorInfo Convert(ErrorKind kind, Exception exception, string? message, int depth, ref int room)
    {
        var type = exception.GetType();
        var error = new ErrorInfo
        {
            Kind = kind,
            Type = type.FullName ?? type.Name,
            Assembly = type.Assembly.GetName().Name ?? "",
            Message = Cut(message ?? Ask(() => exception.Message, type, nameof(Exception.Message)), MaxMessage),
            Stack = Cut(StackTraceText.Trim(Ask(() => exception.StackTrace, type, nameof(Exception.StackTrace))), MaxStack),
        };
        if (exception.InnerException is { } inner && depth < MaxDepth && room-- > 0)
        {
            error.Inner = Convert(kind, inner, null, depth + 1, ref room);
            foreach (var further in exception is AggregateException several ? several.InnerExceptions.Skip(1) : [])
            {
                if (room-- <= 0)
                {
                    break;
                }

                error.FurtherInner.Add(Convert(kind, further, null, depth + 1, ref room));
            }
        }

        return error;
    }

    private static string Ask(Func<string?> property, Type type, string name)
    {
        try
        {
            return property() ?? "";
        }
        catch (Exception exception)
        {
            return $"({type.Name}.{name} threw {exception.GetType().Name})";
        }
    }

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : $"{text[..length]}… ({text.Length - length} more characters)";
}
