using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Cluster.TestKit.Network;

/// <summary>Asks a program how it is, as the probes of Kubernetes do: without a token.</summary>
public sealed class StatusProbe(int port)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public async Task<bool> IsWellAsync(string service, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var reply = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: cancellationToken);
        return reply.Status == HealthCheckResponse.Types.ServingStatus.Serving;
    }

    public async Task WaitUntilAsync(string service, bool isWell, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Deadline, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (await IsWellAsync(service, either.Token) != isWell)
        {
            await timer.WaitForNextTickAsync(either.Token);
        }
    }
}
