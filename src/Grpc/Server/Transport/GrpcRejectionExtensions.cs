using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.Transport;

/// <summary>Lets middleware refuse a call before a service sees it.</summary>
public static class GrpcRejectionExtensions
{
    /// <summary>
    /// Ends a call with a status, in one frame and without reading its requests. Call it from middleware in place of the next one, before anything was sent.
    /// </summary>
    /// <param name="context">The request of the call.</param>
    /// <param name="status">The result of the call; not OK.</param>
    /// <exception cref="InvalidOperationException">The response has started.</exception>
    public static Task RejectCallAsync(this HttpContext context, Status status)
    {
        ArgumentNullException.ThrowIfNull(context);
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            response.Headers["grpc-message"] = PercentEncoding.Encode(status.Detail);
        }

        return response.CompleteAsync();
    }
}
