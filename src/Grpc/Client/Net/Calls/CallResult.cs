using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>How a call ended.</summary>
internal sealed record CallResult(Status Status, Metadata Trailers);
