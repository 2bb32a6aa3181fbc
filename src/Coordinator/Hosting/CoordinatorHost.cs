using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Cluster.Coordinator.AdHoc;
using Cluster.Coordinator.Broadcasts;
using Cluster.Coordinator.Detached;
using Cluster.Coordinator.Detached.Programs;
using Cluster.Coordinator.Dispatch;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Hosting.Tls;
using Cluster.Coordinator.Jobs;
using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Lambdas;
using Cluster.Coordinator.Nodes;
using Cluster.Coordinator.Scaling;
using Cluster.Coordinator.Scaling.Pods;
using Cluster.Coordinator.Services;
using Cluster.Coordinator.Sharing;
using Cluster.Coordinator.Sharing.Storage;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol;
using Cluster.Telemetry;
using Grpc.Transport;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Cluster.Coordinator.Hosting;

/// <summary>A running coordinator: the program's, or one inside a test.</summary>
internal sealed class CoordinatorHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ObjectJournal? _journal;
    private readonly TemporaryDirectory? _temporary;
    private readonly StatusServer? _status;
    private readonly MetricsServer? _metrics;
    private bool _stopped;

    private CoordinatorHost(WebApplication application, ObjectJournal? journal, TemporaryDirectory? temporary, StatusServer? status, MetricsServer? metrics)
    {
        (_application, _journal, _temporary, _status, _metrics) = (application, journal, temporary, status, metrics);
        Addresses = [.. application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(ToPublicForm)];
    }

    /// <summary>Version of this software.</summary>
    public static string Version { get; } = typeof(CoordinatorHost).Assembly.GetName().Version!.ToString(3);

    /// <summary>Where it listens, as clients write it: <c>http://127.0.0.1:43211</c>, <c>unix:/path</c>.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Where metrics are found; null: nowhere.</summary>
    public string? MetricsAddress => _metrics?.Address;

    /// <summary>What it counts.</summary>
    public Meter Meter => _application.Services.GetRequiredService<CoordinatorMetrics>().Meter;

    /// <summary>Starts a coordinator; when the task is done, it takes calls.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="time">The clock of leases and timeouts; null: the system's.</param>
    /// <param name="logging">Where logs go; null: to stderr.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="InvalidOperationException">The options would expose the cluster, or contradict each other.</exception>
    /// <exception cref="InvalidDataException">A certificate or key cannot be read, the journal is of another version, or a file of registered functions is damaged.</exception>
    /// <exception cref="JournalDamagedException">The journal is damaged.</exception>
    /// <exception cref="JournalWriteException">The journal cannot be written to.</exception>
    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public static async Task<CoordinatorHost> StartAsync(
        CoordinatorOptions options, TimeProvider? time = null, Action<ILoggingBuilder>? logging = null, CancellationToken cancellationToken = default)
    {
        if (ExposureCheck.Refuse(options) is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }

        var tls = options.Tls is { } files ? ServerTls.Read(files) : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging ??= log => LogToStandardError(log, options.LogsJson);
        logging(builder.Logging);
        builder.WebHost.UseGrpcTransport();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options, tls));
        var temporary = options.DataDirectory is null ? TemporaryDirectory.Create() : null;
        AddServices(builder.Services, options, options.DataDirectory ?? temporary!.Path, time ?? TimeProvider.System);
        ObjectJournal? journal = null;
        StatusServer? status = null;
        MetricsServer? metrics = null;
        builder.Services.AddSingleton(services => new ObjectLoop(
            journal, options.MaxObjectBytes, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<ILogger<ObjectLoop>>(), services.GetRequiredService<ObjectMetrics>()));
        builder.Services.AddSingleton<AdHocSessions>();
        var application = builder.Build();
        try
        {
            journal = await OpenJournalAsync(application.Services, options);
            // Before the first call, so that a damaged file is no start.
            application.Services.GetRequiredService<FunctionSets>();
            var detached = application.Services.GetRequiredService<DetachedJobs>();
            // Made now, so that it counts from the start.
            var telemetry = application.Services.GetRequiredService<TelemetryExport>();
            Observe(application.Services);
            Map(application, options);
            application.Services.GetRequiredService<SchedulerLoop>().Start();
            detached.Start();
            await application.StartAsync(cancellationToken);
            status = options.StatusListen is { } endPoint ? await CoordinatorStatus.StartAsync(endPoint, application.Services, logging) : null;
            metrics = options.MetricsListen is { } asked ? await CoordinatorStatus.StartMetricsAsync(asked, telemetry, application.Services, logging) : null;
        }
        catch
        {
            await (status?.DisposeAsync() ?? ValueTask.CompletedTask);
            await application.DisposeAsync();
            await (journal?.DisposeAsync() ?? ValueTask.CompletedTask);
            temporary?.Dispose();
            throw;
        }

        return new CoordinatorHost(application, journal, temporary, status, metrics);
    }

    /// <summary>Serves until <paramref name="ending"/>, then stops in order.</summary>
    public async Task RunUntilAsync(CancellationToken ending)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (ending.Register(() => ended.TrySetResult()))
        await using (_application.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult()))
        {
            await ended.Task;
        }

        await StopAsync();
    }

    /// <summary>Ends the open streams with a reason and stops listening.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _application.StopAsync(CancellationToken.None);
    }

    /// <summary>Stops and removes what was temporary.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await (_status?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_metrics?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _application.DisposeAsync();
        await (_journal?.DisposeAsync() ?? ValueTask.CompletedTask);
        _temporary?.Dispose();
    }

    private static async Task<ObjectJournal?> OpenJournalAsync(IServiceProvider services, CoordinatorOptions options)
    {
        if (options is not { DataDirectory: { } directory, KeepsJournal: true })
        {
            return null;
        }

        var folder = new DiskDirectory(Path.Combine(directory, "journal"));
        var kept = new JournalOptions { Fsync = options.Fsync, Repair = options.RepairsJournal };
        return await ObjectJournal.OpenAsync(folder, kept, ObjectLoop.NewIncarnation(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ObjectJournal>>(), services.GetRequiredService<JournalMetrics>());
    }

    // What is measured from the start, also of what the first call would otherwise bring to life.
    private static void Observe(IServiceProvider services)
    {
        services.GetRequiredService<ObjectLoop>();
        var (code, broadcasts) = (services.GetRequiredService<CodeStore>(), services.GetRequiredService<BroadcastStore>());
        services.GetRequiredService<CoordinatorMetrics>().ObserveFiles(() => code.Bytes, () => broadcasts.Files.Bytes);
    }

    private static FunctionSetFiles? OpenFunctionSets(CoordinatorOptions options) =>
        options.DataDirectory is { } directory ? new FunctionSetFiles(new DiskDirectory(Path.Combine(directory, "functions"))) : null;

    private static void LogToStandardError(ILoggingBuilder logging, bool json)
    {
        _ = json
            ? logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fff'Z'"))
            : logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
    }

    private static void Listen(KestrelServerOptions kestrel, CoordinatorOptions options, ServerTls? tls)
    {
        foreach (var address in options.Listen)
        {
            if (address.SocketPath is { } path)
            {
                RemoveAbandonedSocket(path);
                kestrel.ListenUnixSocket(path);
            }
            else if (address.IsSecure)
            {
                kestrel.Listen(address.EndPoint!, endpoint => endpoint.UseHttps(tls!.CreateHandshake()));
            }
            else
            {
                kestrel.Listen(address.EndPoint!);
            }
        }
    }

    /// <summary>A socket file whose process is gone would keep its path occupied for ever.</summary>
    private static void RemoveAbandonedSocket(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"Another process listens on unix:{path}. Choose another path, or end that process.");
    }

    private static void AddServices(IServiceCollection services, CoordinatorOptions options, string dataDirectory, TimeProvider time)
    {
        services.AddSingleton(options);
        services.AddSingleton(time);
        services.AddSingleton(new CodeStore(new CodeStoreOptions { Directory = dataDirectory, MaxFileBytes = options.MaxCodeFileBytes }));
        services.AddSingleton(_ => new LambdaFiles(Path.Combine(dataDirectory, "lambdas"), options.Lambdas.MaxStoredBytes));
        services.AddSingleton(_ => new CompilerPool(static () => CompilerCommand.Find(AppContext.BaseDirectory), options.Lambdas, time));
        services.AddSingleton(options.Lambdas);
        services.AddSingleton<LambdaCompiler>();
        services.AddSingleton<LambdaFunction>();
        services.AddSingleton<CodeFiles>();
        services.AddSingleton(provider => new FunctionSets(provider.GetRequiredService<CodeStore>(), OpenFunctionSets(options), time));
        services.AddSingleton(provider => new BroadcastStore(
            Path.Combine(dataDirectory, "broadcasts"), options.MaxBroadcastBytes, time, provider.GetRequiredService<ILogger<BroadcastStore>>()));
        services.AddSingleton(_ => TelemetryExport.Start(
            "cluster-coordinator", $"{Environment.MachineName}/{Environment.ProcessId}", Version, CoordinatorMetrics.SourceName, options.MetricsListen is not null, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"));
        services.AddSingleton(_ => new CallRate(options.MaxCallRate));
        services.AddMetrics();
        services.AddSingleton<CoordinatorMetrics>();
        services.AddSingleton<ObjectMetrics>();
        services.AddSingleton<JournalMetrics>();
        services.AddSingleton<IHostLifetime, PassiveLifetime>();
        services.AddSingleton<StreamShutdown>();
        services.AddSingleton<JobRegistry>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<SchedulerLoop>();
        services.AddHostedService<DesiredNodes>();
        if (options.Pods is { } pods)
        {
            // Made here, so that what is missing is said at the start.
            var api = pods();
            services.AddSingleton(_ => api);
            services.AddHostedService<PodCostReporter>();
        }

        services.AddSingleton<JobAdmission>();
        services.AddSingleton<AdHocCalls>();
        services.AddSingleton(_ => new JobFiles(new DiskDirectory(Path.Combine(dataDirectory, "jobs"))));
        services.AddSingleton(_ => new DetachedRoom(options.KeepJobsBytes));
        services.AddSingleton<DetachedRun>();
        services.AddSingleton<DetachedJobs>();
        services.AddSingleton<DetachedCalls>();
        services.AddSingleton<JobDirectory>();
        services.AddSingleton<Submissions>();
        services.AddSingleton<SubmissionCalls>();
        services.AddSingleton<JobsService>();
        services.AddSingleton<NodesService>();
        services.AddSingleton<FunctionsService>();
        services.AddSingleton<BroadcastsService>();
        services.AddSingleton<ObjectsService>();
        services.AddSingleton<DictService>();
        services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = Limits.MaxMessageBytes);
        services.AddGrpcHealthChecks();
        services.AddGrpcReflection();
    }

    private static void Map(WebApplication application, CoordinatorOptions options)
    {
        if (options.Tls?.ClientAuthorityFile is not null)
        {
            application.UseMiddleware<ClientCertificateMiddleware>();
        }

        if (options.Token is { } tokens)
        {
            application.UseMiddleware<AccessMiddleware>(ReadTokens(tokens), application.Services.GetRequiredService<CallRate>());
        }

        application.MapGrpcService<JobsService>();
        application.MapGrpcService<NodesService>();
        application.MapGrpcService<FunctionsService>();
        application.MapGrpcService<BroadcastsService>();
        application.MapGrpcService<ObjectsService>();
        application.MapGrpcService<DictService>();
        application.MapGrpcHealthChecksService();
        application.MapGrpcReflectionService();
    }

    private static AccessTokens ReadTokens(string text)
    {
        try
        {
            return AccessTokens.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException(exception.Message, exception);
        }
    }

    private static string ToPublicForm(string address) =>
        address.StartsWith("http://unix:", StringComparison.Ordinal) ? address["http://".Length..] : address;
}
