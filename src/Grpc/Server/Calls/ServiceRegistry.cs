using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Maps services to routes, and what is no method of any of them to UNIMPLEMENTED.</summary>
internal sealed class ServiceRegistry(IOptions<GrpcServiceOptions> options, TimeProvider time, ILoggerFactory loggers)
{
    private bool _mappedUnknownServices;

    public IReadOnlyList<IEndpointConventionBuilder> Map<TService>(IEndpointRouteBuilder routes)
        where TService : class
    {
        var context = new ServerCallOptions(options.Value, time, loggers.CreateLogger<TService>());
        var binder = new ServiceBinder<TService>(context);
        binder.Bind();

        List<IEndpointConventionBuilder> mapped = [];
        foreach ((IMethod method, RequestDelegate handler) in binder.Methods)
        {
            IEndpointConventionBuilder endpoint = routes.MapMethods(method.FullName, ["POST"], handler);
            endpoint.Add(builder =>
            {
                builder.DisplayName = $"gRPC - {method.FullName}";
                builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
            });
            mapped.Add(endpoint);
        }

        foreach (string service in binder.Methods.Select(entry => entry.Method.ServiceName).Distinct())
        {
            MapUnimplemented(routes, $"{service}/{{unimplementedMethod}}", $"The service {service} has no such method.");
        }

        if (!_mappedUnknownServices && options.Value.IgnoreUnknownServices != true)
        {
            _mappedUnknownServices = true;
            MapUnimplemented(routes, "{unimplementedService}/{unimplementedMethod}", "No such service is served here.");
        }

        return mapped;
    }

    private static void MapUnimplemented(IEndpointRouteBuilder routes, string pattern, string message)
    {
        RoutePattern route = RoutePatternFactory.Parse(pattern, defaults: null, parameterPolicies: new { unimplementedMethod = new GrpcRequestConstraint() });
        routes.Map(route, context =>
        {
            context.Response.ContentType = GrpcHeaders.ContentType;
            ResponseEnd.SetTrailersOnly(context.Response, new Status(StatusCode.Unimplemented, $"{message} The call was {context.Request.Path}."), Metadata.Empty);
            return Task.CompletedTask;
        }).Add(static builder =>
        {
            builder.DisplayName = "gRPC - unimplemented";
            ((RouteEndpointBuilder)builder).Order = int.MaxValue;
        });
    }
}
