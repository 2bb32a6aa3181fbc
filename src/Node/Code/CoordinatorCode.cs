using System.Runtime.CompilerServices;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Node.Code;

/// <summary>Files of the coordinator, as a <see cref="CodeDownload"/>.</summary>
/// <param name="call">Asks for one.</param>
internal sealed class CoordinatorCode(Func<DownloadRequest, CancellationToken, AsyncServerStreamingCall<FileBlock>> call)
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CodeFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var download = call(new DownloadRequest { Sha256 = file.Sha256 }, cancellationToken);
        while (await download.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return download.ResponseStream.Current.Data.Memory;
        }
    }
}
