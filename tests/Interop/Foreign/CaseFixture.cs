using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>Runs all cases of a foreign client, once.</summary>
/// <param name="missing">What this machine lacks for it; null: nothing.</param>
public abstract class CaseFixture(string? missing) : IAsyncLifetime
{
    internal string? Missing { get; } = missing;

    internal CaseResults? Results { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Missing is null)
        {
            Results = new CaseResults(await RunAsync(TestContext.Current.CancellationToken));
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs the client.</summary>
    /// <returns>How it ended, and what it wrote.</returns>
    private protected abstract Task<(int ExitCode, string Output, string Errors)> RunAsync(CancellationToken cancellationToken);
}
