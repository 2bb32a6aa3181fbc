using Grpc.Core;

namespace Cluster.Interop.Doors.Callers;

/// <summary>How a call ended.</summary>
/// <param name="Code">The status.</param>
/// <param name="Message">In words; empty where all is well.</param>
internal sealed record CallEnd(StatusCode Code, string Message);
