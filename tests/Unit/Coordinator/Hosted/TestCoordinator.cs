using System.Diagnostics.Metrics;
using Cluster.Coordinator.Hosting;
using Cluster.Protocol.V1;
using Cluster.TestKit.Coordinator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;
using NodesClient = Cluster.Protocol.V1.Nodes.NodesClient;

namespace Cluster.Unit.Coordinator.Hosted;

/// <summary>A coordinator inside the test, on a free port. At the end it must not have logged an error.</summary>
internal sealed class TestCoordinator : IAsyncDisposable
{
    private readonly CoordinatorHost _host;
    private readonly ErrorLog _errors;
    private readonly IHostApplicationLifetime _lifetime;

    private readonly bool _expectErrors;

    private TestCoordinator(CoordinatorHost host, IHostApplicationLifetime lifetime, ErrorLog errors, bool expectErrors)
    {
        _expectErrors = expectErrors;
        _host = host;
        _lifetime = lifetime;
        _errors = errors;
    }

    /// <summary>Where it listens.</summary>
    public string Address => _host.Addresses[0];

    /// <summary>What it counts.</summary>
    public Meter Meter => _host.Meter;

    public static async Task<TestCoordinator> StartAsync(Func<CoordinatorOptions, CoordinatorOptions>? change = null, TimeProvider? time = null, bool expectErrors = false)
    {
        var errors = new ErrorLog();
        // Scripted nodes are silent unless a test is about that.
        var options = new CoordinatorOptions { Listen = [ListenAddress.Parse("http://127.0.0.1:0")], Lease = TimeSpan.FromMinutes(1) };
        var probe = new LifetimeProbe();
        var host = await CoordinatorHost.StartAsync(
            change?.Invoke(options) ?? options,
            time,
            logging =>
            {
                logging.Services.AddSingleton<ILoggerProvider>(errors);
                logging.Services.AddHostedService(services => probe.In(services));
            },
            TestContext.Current.CancellationToken);
        return new TestCoordinator(host, probe.Lifetime!, errors, expectErrors);
    }

    /// <summary>Asks for the attached nodes, as a client does.</summary>
    public async Task<IReadOnlyList<NodeInfo>> ListNodesAsync()
    {
        using var channel = TestChannel.Open(Address);
        var reply = await new NodesClient(channel).ListAsync(new ListNodesRequest(), cancellationToken: TestContext.Current.CancellationToken);
        return reply.Nodes;
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>As when its scheduler fails: it begins to stop, and calls still come.</summary>
    public void BeginStop() => _lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_expectErrors)
        {
            Assert.NotEmpty(_errors.Lines);
        }
        else
        {
            Assert.Empty(_errors.Lines);
        }
    }

    private sealed class LifetimeProbe : IHostedService
    {
        public IHostApplicationLifetime? Lifetime { get; private set; }

        public LifetimeProbe In(IServiceProvider services)
        {
            Lifetime ??= services.GetRequiredService<IHostApplicationLifetime>();
            return this;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public string[] Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lock (_lines)
                {
                    _lines.Add($"{formatter(state, exception)} {exception}");
                }
            }
        }

        public void Dispose()
        {
            // Read after the host is gone.
        }
    }
}
