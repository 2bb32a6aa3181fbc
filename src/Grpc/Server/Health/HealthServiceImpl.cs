using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;

namespace Grpc.HealthCheck;

/// <summary>The health service: answers with the statuses that the application sets.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "As in Grpc.HealthCheck.")]
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HealthCheckResponse.Types.ServingStatus> _statuses = [];
    private readonly Dictionary<string, List<ChannelWriter<HealthCheckResponse.Types.ServingStatus>>> _watchers = [];

    /// <summary>Sets the status of a service and tells its watchers.</summary>
    /// <param name="service">Its full name; empty for the server as a whole.</param>
    /// <param name="status">The status.</param>
    public void SetStatus(string service, HealthCheckResponse.Types.ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (StatusOf_NeedsLock(service) != status)
            {
                _statuses[service] = status;
                Tell_NeedsLock(service, status);
            }
        }
    }

    /// <summary>Forgets a service; its watchers are told that it is unknown.</summary>
    /// <param name="service">Its full name.</param>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            if (_statuses.Remove(service))
            {
                Tell_NeedsLock(service, HealthCheckResponse.Types.ServingStatus.ServiceUnknown);
            }
        }
    }

    /// <summary>Forgets all services.</summary>
    public void ClearAll()
    {
        lock (_gate)
        {
            foreach (string service in _statuses.Keys.ToArray())
            {
                ClearStatus(service);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            return _statuses.TryGetValue(request.Service, out HealthCheckResponse.Types.ServingStatus status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, $"The service \"{request.Service}\" is not known here."));
        }
    }

    /// <inheritdoc/>
    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responseStream);
        ArgumentNullException.ThrowIfNull(context);

        // A slow watcher needs the newest status only.
        var changes = Channel.CreateBounded<HealthCheckResponse.Types.ServingStatus>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = false });
        lock (_gate)
        {
            changes.Writer.TryWrite(StatusOf_NeedsLock(request.Service));
            if (!_watchers.TryGetValue(request.Service, out List<ChannelWriter<HealthCheckResponse.Types.ServingStatus>>? watchers))
            {
                _watchers.Add(request.Service, watchers = []);
            }

            watchers.Add(changes.Writer);
        }

        try
        {
            HealthCheckResponse.Types.ServingStatus? told = null;
            await foreach (HealthCheckResponse.Types.ServingStatus status in changes.Reader.ReadAllAsync(context.CancellationToken))
            {
                if (status != told)
                {
                    told = status;
                    await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
                }
            }
        }
        finally
        {
            RemoveWatcher(request.Service, changes.Writer);
        }
    }

    private void RemoveWatcher(string service, ChannelWriter<HealthCheckResponse.Types.ServingStatus> watcher)
    {
        lock (_gate)
        {
            List<ChannelWriter<HealthCheckResponse.Types.ServingStatus>> watchers = _watchers[service];
            watchers.Remove(watcher);
            if (watchers.Count == 0)
            {
                _watchers.Remove(service);
            }
        }
    }

    private HealthCheckResponse.Types.ServingStatus StatusOf_NeedsLock(string service) =>
        _statuses.GetValueOrDefault(service, HealthCheckResponse.Types.ServingStatus.ServiceUnknown);

    private void Tell_NeedsLock(string service, HealthCheckResponse.Types.ServingStatus status)
    {
        foreach (ChannelWriter<HealthCheckResponse.Types.ServingStatus> watcher in _watchers.GetValueOrDefault(service, []))
        {
            watcher.TryWrite(status);
        }
    }
}
