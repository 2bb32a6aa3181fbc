using System.Net;
using System.Threading.Channels;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cluster.Functional.Node;

/// <summary>A coordinator that does with nodes what a test says.</summary>
internal sealed class ScriptedCoordinator : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Script _script;

    private ScriptedCoordinator(WebApplication application, Script script)
    {
        _application = application;
        _script = script;
    }

    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Starts to listen.</summary>
    /// <param name="refusal">Nodes are refused with it; null: they are welcome.</param>
    /// <param name="lease">How long silence is tolerated; the script itself never speaks by itself.</param>
    /// <param name="port">Where; 0: anywhere.</param>
    public static async Task<ScriptedCoordinator> StartAsync(Status? refusal = null, TimeSpan? lease = null, int port = 0)
    {
        var script = new Script(refusal, lease ?? TimeSpan.FromMinutes(1));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(script);
        builder.Services.AddGrpc();
        var application = builder.Build();
        application.MapGrpcService<Service>();
        await application.StartAsync();
        return new ScriptedCoordinator(application, script);
    }

    /// <summary>Waits for the next node to attach.</summary>
    public async Task<ScriptedSession> AcceptAsync(CancellationToken cancellationToken) =>
        await _script.Sessions.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _script.Over.TrySetResult();
        await _application.DisposeAsync();
    }

    private sealed class Script(Status? refusal, TimeSpan lease)
    {
        public Status? Refusal => refusal;

        public TimeSpan Lease => lease;

        public TaskCompletionSource Over { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Channel<ScriptedSession> Sessions { get; } = Channel.CreateBounded<ScriptedSession>(16);
    }

    private sealed class Service(Script script) : Nodes.NodesBase
    {
        public override async Task Attach(IAsyncStreamReader<NodeMessage> requests, IServerStreamWriter<NodeCommand> replies, ServerCallContext context)
        {
            if (script.Refusal is { } refusal)
            {
                throw new RpcException(refusal);
            }

            await requests.MoveNext(context.CancellationToken);
            await replies.WriteAsync(new NodeCommand
            {
                Welcome = new Welcome
                {
                    ProtocolVersion = ProtocolVersion.Current,
                    Version = "test",
                    HeartbeatPeriod = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(50)),
                    Lease = Duration.FromTimeSpan(script.Lease),
                },
            });
            var session = new ScriptedSession(requests.Current.Hello, requests, replies);
            await script.Sessions.Writer.WriteAsync(session, context.CancellationToken);
            await Task.WhenAny(session.Ended, script.Over.Task);
        }
    }
}
