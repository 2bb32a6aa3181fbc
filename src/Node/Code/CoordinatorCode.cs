using System.Runtime.CompilerServices;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Node.Code;

/// <summary>The coordinator's code store, as a <see cref="CodeDownload"/>.</summary>
internal sealed class CoordinatorCode(Functions.FunctionsClient client, Metadata headers)
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CodeFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.Download(new DownloadRequest { Sha256 = file.Sha256 }, headers, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return call.ResponseStream.Current.Data.Memory;
        }
    }
}
