using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions;

/// <summary>The code of jobs, wherever it comes from: what clients have uploaded, and what was compiled here.</summary>
internal sealed class CodeFiles(CodeStore uploaded, LambdaFiles compiled)
{
    /// <summary>Which of these files are not here.</summary>
    /// <exception cref="CodeFileRejectedException">An entry could never be.</exception>
    public async Task<IReadOnlyList<CodeFile>> FindMissingAsync(IEnumerable<CodeFile> files, CancellationToken cancellationToken) =>
        await uploaded.FindMissingAsync(files, cancellationToken) is { Count: > 0 } missing ? await compiled.Store.FindMissingAsync(missing, cancellationToken) : [];

    /// <summary>The store that has a file; that of uploads where none has.</summary>
    public async Task<CodeStore> FindStoreAsync(ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken) =>
        await compiled.Store.FindAsync(sha256, cancellationToken) is null ? uploaded : compiled.Store;
}
