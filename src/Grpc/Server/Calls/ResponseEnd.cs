using System.Globalization;
using Grpc.Core;
using Grpc.Transport;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Puts the result of a call where it belongs.</summary>
internal static class ResponseEnd
{
    /// <summary>Puts a status where it belongs in what has been sent so far. Trailers that no header can carry make the call fail, and say so.</summary>
    public static void Set(HttpResponse response, Status status, Metadata trailers)
    {
        (status, trailers) = Sendable(status, trailers);
        if (response.HasStarted || status.StatusCode == StatusCode.OK)
        {
            SetTrailers(response, status, trailers);
        }
        else
        {
            SetTrailersOnly(response, status, trailers);
        }
    }

    /// <summary>Nothing has been sent yet, and nothing but the status will be: it goes into the only header frame.</summary>
    public static void SetTrailersOnly(HttpResponse response, Status status, Metadata trailers)
    {
        foreach (Metadata.Entry entry in trailers)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                response.Headers.Append(entry.Key, MetadataCodec.Encode(entry));
            }
        }

        response.Headers[GrpcHeaders.Status] = Code(status);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            response.Headers[GrpcHeaders.Message] = PercentEncoding.Encode(status.Detail);
        }
    }

    private static void SetTrailers(HttpResponse response, Status status, Metadata trailers)
    {
        foreach (Metadata.Entry entry in trailers)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                response.AppendTrailer(entry.Key, MetadataCodec.Encode(entry));
            }
        }

        response.AppendTrailer(GrpcHeaders.Status, Code(status));
        if (!string.IsNullOrEmpty(status.Detail))
        {
            response.AppendTrailer(GrpcHeaders.Message, PercentEncoding.Encode(status.Detail));
        }
    }

    private static (Status Status, Metadata Trailers) Sendable(Status status, Metadata trailers)
    {
        try
        {
            foreach (Metadata.Entry entry in trailers)
            {
                _ = MetadataCodec.Encode(entry);
            }

            return (status, trailers);
        }
        catch (FormatException e)
        {
            return (new Status(StatusCode.Internal, $"The trailers cannot be sent: {e.Message}"), Metadata.Empty);
        }
    }

    private static string Code(Status status) => status.StatusCode == StatusCode.OK ? "0" : ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
}
