using Cluster.TestKit.Coordinator;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>What the tests of the coordinator share: a deadline, and nodes that serve until the test is over.</summary>
public abstract class CoordinatorTest : IAsyncLifetime
{
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<(ScriptedNode Node, Task Serving)> _serving = [];

    /// <summary>Ends with the test, and half a minute after its start at the latest.</summary>
    protected CancellationToken Deadline => _over.Token;

    public ValueTask InitializeAsync()
    {
        _over.CancelAfter(TimeSpan.FromSeconds(30));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        foreach (var (node, serving) in _serving)
        {
            await serving;
            node.Dispose();
        }

        _over.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Attaches a node that squares.</summary>
    protected async Task ServeAsync(string address, string name)
    {
        Serve(await ScriptedNode.AttachAsync(address, ScriptedNode.Hello(name), Deadline));
    }

    /// <summary>Has an attached node square from now on.</summary>
    protected void Serve(ScriptedNode node) => _serving.Add((node, ServeUntilOverAsync(node)));

    private async Task ServeUntilOverAsync(ScriptedNode node)
    {
        try
        {
            await node.ServeAsync(RawBatches.Square, Deadline);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
        {
            // The coordinator of the test has shut down; the end of its connection may overtake its last words.
        }
    }
}
