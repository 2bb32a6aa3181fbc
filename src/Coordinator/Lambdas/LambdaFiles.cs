using Cluster.Coordinator.Functions;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Lambdas;

/// <summary>The assemblies that texts became, beside those that were uploaded. They begin anew with each coordinator: submitted jobs keep their own copy.</summary>
internal sealed class LambdaFiles
{
    /// <param name="directory">The folder for them. What an earlier coordinator left there is removed.</param>
    /// <param name="maxBytes">How much there may be.</param>
    public LambdaFiles(string directory, long maxBytes)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        Store = new CodeStore(new CodeStoreOptions
        {
            Directory = directory,
            MaxTotalBytes = maxBytes,
            Name = "store of compiled lambdas",
            Remedy = "Wait until some of the jobs with lambdas have ended, or push the code as a file (cluster push).",
        });
    }

    /// <summary>Where they are.</summary>
    public CodeStore Store { get; }

    /// <summary>Stores an assembly.</summary>
    /// <exception cref="CodeFileRejectedException">There is no room.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task AddAsync(CodeFile file, ReadOnlyMemory<byte> assembly, CancellationToken cancellationToken)
    {
        if (await Store.BeginUploadAsync(file, cancellationToken) is { } upload)
        {
            await using (upload)
            {
                await upload.WriteAsync(assembly, cancellationToken);
                await upload.CommitAsync();
            }
        }
    }
}
