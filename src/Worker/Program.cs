using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Cluster.Client;
using Cluster.Protocol.Processes;
using Cluster.Protocol.V1;
using Cluster.Telemetry;
using Cluster.Worker;
using Cluster.Worker.Broadcasts;
using Cluster.Worker.Code;
using Cluster.Worker.Link;
using Cluster.Worker.Objects;
using Cluster.Worker.Output;
using Cluster.Worker.Results;
using Cluster.Worker.Running;

// Private to the node that starts it; people start nodes.
if (args is not ["--node", var node, "--threads", var count, "--socket", var path] || !int.TryParse(count, CultureInfo.InvariantCulture, out var threads))
{
    Console.Error.WriteLine("This is a worker: a node starts it. Start a node with Cluster.Node, or a cluster with `cluster up`.");
    return 2;
}

// Ctrl-C goes to every process of the terminal; the node decides what it means.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);

var ending = new Lock();
IDisposable? telemetry = null;
Orphans.TryAdopt();
var watch = new NodeWatch(Console.OpenStandardInput());
var key = watch.ReadKey();
watch.Start(End);

using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
socket.Connect(new UnixDomainSocketEndPoint(path));
var link = new NodeLink(new BlockingSocketStream(socket));
link.Send(new OutgoingFrame(new FromWorker { Ready = new WorkerReady { Pid = Environment.ProcessId, Key = key } }));
CapturedWriter.Install();
TaskCluster.Use(() => ClusterClient.ForTasks(path, new NodeCalls(path, key), lease: TimeSpan.FromSeconds(5)), new BroadcastFetch(path, key).Get);

// Once the node knows of the worker, which has chunks brought meanwhile.
telemetry = TelemetryExport.StartTraces("cluster-worker", $"{node}/{Environment.ProcessId}", typeof(NodeLink).Assembly.GetName().Version!.ToString(3), ChunkActivity.SourceName);
var tick = TimeSpan.FromMilliseconds(5);
var surroundings = new ChunkSurroundings(node, link, new Ticker(tick), new Ticker(tick), TimeProvider.System);
new FrameLoop(surroundings, new ChunkQueue(threads), new CodeContexts(), End).Run();
return 0;

void End()
{
    // Several threads find out that the node is gone; the first one ends the process, for all of them.
    lock (ending)
    {
        // What tasks have started ends with them. What is forked at this moment falls to the node, if that is still there.
        Orphans.KillDescendants();
        telemetry?.Dispose();
        ProcessEnd.Now();
    }
}
