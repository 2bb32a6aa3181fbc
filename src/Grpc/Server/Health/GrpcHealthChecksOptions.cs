namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Whose health is told.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>The services. Default: the server as a whole (""), which depends on all checks.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>
    /// Whether <c>Check</c> answers with the last published result. Default: false: the checks run with each call.
    /// </summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Whether <c>Watch</c> goes on while the application stops. Default: false: it says NOT_SERVING and ends.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}
