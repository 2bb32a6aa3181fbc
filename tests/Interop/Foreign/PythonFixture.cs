namespace Cluster.Interop.Foreign;

/// <summary>Runs all cases of a Python client, once, beside the stubs that it imports.</summary>
public abstract class PythonFixture() : CaseFixture(ForeignTools.MissingForPython())
{
    private protected sealed override async Task<(int ExitCode, string Output, string Errors)> RunAsync(CancellationToken cancellationToken)
    {
        string directory = await CreateStubsAsync(cancellationToken);
        try
        {
            return await RunAsync(directory, cancellationToken);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Makes the stubs, in a directory of their own, with the client beside them.</summary>
    private protected abstract Task<string> CreateStubsAsync(CancellationToken cancellationToken);

    /// <summary>Runs the client.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private protected abstract Task<(int ExitCode, string Output, string Errors)> RunAsync(string directory, CancellationToken cancellationToken);
}
