using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Client;
using Cluster.Local.Programs;

namespace Cluster.Local.Processes;

/// <summary>
/// The coordinator and the nodes of a local cluster. All of them start at the same time: the nodes know the coordinator's socket
/// beforehand, and dial until it is there.
/// </summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly LaunchPlan _plan;
    private readonly PrivateDirectory _directory;
    private readonly Action<string>? _onLog;
    private readonly TimeProvider _time;
    private readonly ChildProcess _coordinator;
    private readonly Lock _lock = new();
    private readonly List<ChildProcess> _nodes = [];

    private ClusterProcesses(LocalClusterOptions options, LaunchPlan plan, PrivateDirectory directory)
    {
        _plan = plan;
        _directory = directory;
        _onLog = options.OnLog;
        _time = options.Client.TimeProvider;
        _coordinator = ChildProcess.Start("coordinator", plan.Coordinator(), _onLog, _time);
    }

    /// <summary>Where this user's clients reach the coordinator, once it listens.</summary>
    public string SocketAddress => _plan.SocketAddress;

    public int CoordinatorId => _coordinator.Id;

    private ChildProcess[] All
    {
        get
        {
            lock (_lock)
            {
                return [_coordinator, .. _nodes];
            }
        }
    }

    /// <exception cref="LocalClusterException">The programs are missing, or a process could not be started.</exception>
    public static async Task<ClusterProcesses> StartAsync(LocalClusterOptions options)
    {
        var programs = ClusterPrograms.Locate(options.ProgramsDirectory);
        var directory = PrivateDirectory.Create();
        ClusterProcesses processes;
        try
        {
            var plan = new LaunchPlan(options, programs, directory.SocketPath, directory.DataPath, directory.CodePath);
            processes = new ClusterProcesses(options, plan, directory);
        }
        catch
        {
            directory.Dispose();
            throw;
        }

        try
        {
            for (var index = 0; index < options.Nodes; index++)
            {
                processes._nodes.Add(processes.StartNode(index));
            }

            return processes;
        }
        catch
        {
            await processes.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits until the coordinator listens and every node is attached.</summary>
    /// <returns>The address at which the coordinator listens for others.</returns>
    /// <exception cref="LocalClusterException">A process ended before it was ready, or said something else.</exception>
    public async Task<string> WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var coordinator = ReadyAsync(_coordinator, ReadyLineJson.Default.CoordinatorReady, cancellationToken);
        var nodes = All[1..].Select(node => ReadyAsync(node, ReadyLineJson.Default.NodeReady, cancellationToken));

        // The first to fail tells why; the others would only run into the deadline.
        await foreach (var ready in Task.WhenEach([coordinator, .. nodes]).ConfigureAwait(false))
        {
            await ready.ConfigureAwait(false);
        }

        return (await coordinator.ConfigureAwait(false)).HttpAddress;
    }

    /// <summary>Which processes have not said that they are ready, and what they last wrote.</summary>
    public string DescribeUnready() =>
        string.Join(Environment.NewLine, All.Where(process => !process.IsReady).Select(process => $"{process.Name} is not ready.{process.DescribeErrors()}"));

    /// <summary>Completes when a process of the cluster has ended by itself.</summary>
    /// <returns>Which one, and what it last wrote.</returns>
    public async Task<string> FirstExitAsync(CancellationToken cancellationToken)
    {
        var all = All;
        var exited = await Task.WhenAny(all.Select(process => process.Exited)).WaitAsync(cancellationToken).ConfigureAwait(false);
        var first = all.First(process => process.Exited == exited);
        return $"{first.Name} (process {first.Id}) has ended.{first.DescribeErrors()}";
    }

    /// <summary>Ends a node as a crash would.</summary>
    public Task KillNodeAsync(int index, CancellationToken cancellationToken) => All[index + 1].KillAsync(cancellationToken);

    /// <summary>The exit code of a node's process, once it has ended.</summary>
    public Task<int> ExitOfNodeAsync(int index) => All[index + 1].WaitForExitAsync();

    /// <summary>Replaces a node by one with the same name and labels, and waits until that is attached.</summary>
    public async Task RestartNodeAsync(int index, CancellationToken cancellationToken)
    {
        await All[index + 1].DisposeAsync().ConfigureAwait(false);
        var node = StartNode(index);
        lock (_lock)
        {
            _nodes[index] = node;
        }

        await ReadyAsync(node, ReadyLineJson.Default.NodeReady, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts one more node and waits until it is attached.</summary>
    /// <returns>Its index.</returns>
    public async Task<int> AddNodeAsync(CancellationToken cancellationToken)
    {
        int index;
        ChildProcess node;
        lock (_lock)
        {
            index = _nodes.Count;
            node = StartNode(index);
            _nodes.Add(node);
        }

        await ReadyAsync(node, ReadyLineJson.Default.NodeReady, cancellationToken).ConfigureAwait(false);
        return index;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(All.Select(process => process.DisposeAsync().AsTask())).ConfigureAwait(false);
        _directory.Dispose();
    }

    private ChildProcess StartNode(int index) => ChildProcess.Start(LaunchPlan.NodeName(index), _plan.Node(index), _onLog, _time);

    private static async Task<T> ReadyAsync<T>(ChildProcess process, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var line = await process.ReadReadyLineAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new JsonException("There is no object.");
        }
        catch (JsonException e)
        {
            throw new LocalClusterException($"The {process.Name} of the local cluster printed '{line}' where its ready line should be.", e);
        }
    }
}
