using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>What the calls of a service have in common.</summary>
internal sealed record ServerCallOptions(GrpcServiceOptions Service, TimeProvider Time, ILogger Logger);
