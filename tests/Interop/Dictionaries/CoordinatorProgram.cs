using System.Text.Json;
using Cluster.Interop.Foreign;
using Cluster.TestKit.Processes;

namespace Cluster.Interop.Dictionaries;

/// <summary>The coordinator as a process of its own, on a free port.</summary>
internal sealed class CoordinatorProgram : IAsyncDisposable
{
    private readonly ForeignProcess _process;

    private CoordinatorProgram(ForeignProcess process, string[] addresses) => (_process, Addresses) = (process, addresses);

    /// <summary>The plain one first, then those that were asked for.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Such as <c>http://127.0.0.1:7070</c>.</summary>
    public string Address => Addresses[0];

    /// <summary>The same without the scheme.</summary>
    public string Authority => Address["http://".Length..];

    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="more">More of its command line.</param>
    public static async Task<CoordinatorProgram> StartAsync(CancellationToken cancellationToken, params string[] more)
    {
        ForeignProcess process = ForeignProcess.Start(
            "dotnet", [ClusterProgram.Coordinator, "--listen", "http://127.0.0.1:0", .. more], AppContext.BaseDirectory);
        try
        {
            using JsonDocument ready = JsonDocument.Parse(await process.ReadLineAsync(cancellationToken));
            return new CoordinatorProgram(process, [.. ready.RootElement.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()!)]);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
