using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Reads what a request says before its messages.</summary>
internal static class RequestHead
{
    /// <summary>Whether a request is a call. If not, it has been answered in the terms of HTTP.</summary>
    public static bool IsCall(HttpContext context)
    {
        if (!GrpcHeaders.IsGrpcContentType(context.Request.ContentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            context.Response.Headers.Upgrade = HttpProtocol.Http2;
            return false;
        }

        return true;
    }

    /// <summary>A stream of requests may be long, and silent for long: its messages and their flow are what is limited.</summary>
    public static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <exception cref="RpcException">INTERNAL: a binary value is no base64.</exception>
    public static Metadata ToMetadata(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in headers)
        {
            if (GrpcHeaders.IsReserved(name))
            {
                continue;
            }

            foreach (string? value in values)
            {
                try
                {
                    MetadataCodec.Decode(name, value ?? "", metadata);
                }
                catch (FormatException e)
                {
                    throw new RpcException(new Status(StatusCode.Internal, e.Message, e));
                }
            }
        }

        return metadata;
    }

    public static bool AcceptsGzip(IHeaderDictionary headers)
    {
        foreach (string? line in headers[GrpcHeaders.AcceptEncoding])
        {
            foreach (Range part in line.AsSpan().Split(','))
            {
                if (line.AsSpan(part).Trim().Equals(GzipCodec.Name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
