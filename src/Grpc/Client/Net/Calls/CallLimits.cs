using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>When a call is given up.</summary>
internal static class CallLimits
{
    public static (DateTimeOffset? Deadline, CancellationToken Token) Of(in CallOptions options)
    {
        DateTimeOffset? deadline = options.Deadline is DateTime time && time != DateTime.MaxValue
            ? time.Kind == DateTimeKind.Utc
                ? new DateTimeOffset(time)
                : throw new InvalidOperationException("A deadline must have the kind DateTimeKind.Utc: use DateTime.UtcNow or an equivalent.")
            : null;
        CancellationToken token = options.CancellationToken;
        if (options.PropagationToken is CallPropagationToken parent)
        {
            if (parent.Deadline is DateTimeOffset inherited && (deadline is null || inherited < deadline))
            {
                deadline = inherited;
            }

            token = token.CanBeCanceled ? token : parent.CancellationToken;
        }

        return (deadline, token);
    }
}
