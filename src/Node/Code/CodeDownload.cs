using Cluster.Protocol.V1;

namespace Cluster.Node.Code;

/// <summary>Gets a file that the cache lacks from where it is: its content, in blocks.</summary>
internal delegate IAsyncEnumerable<ReadOnlyMemory<byte>> CodeDownload(CodeFile file, CancellationToken cancellationToken);
