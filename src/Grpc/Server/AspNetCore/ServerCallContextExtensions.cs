using Grpc.AspNetCore.Server.Calls;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>What ASP.NET Core knows about a call.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request of a call.</summary>
    /// <param name="serverCallContext">The call.</param>
    /// <exception cref="InvalidOperationException">The call is not served by ASP.NET Core.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
        serverCallContext is ServerCall call
            ? call.HttpContext
            : throw new InvalidOperationException("This call has no HTTP request: it is not served by ASP.NET Core.");
}
