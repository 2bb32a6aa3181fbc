using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Cluster.Coordinator.Hosting.Access;
using Cluster.Coordinator.Hosting.Tls;
using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Scaling.Pods;
using Grpc.Transport;

namespace Cluster.Coordinator.Hosting;

/// <summary>The coordinator's command line.</summary>
internal static class CommandLine
{
    private const string TokenVariable = "CLUSTER_TOKEN";
    private const long LeastObjectBytes = 1 << 20;

    private static readonly Option<ListenAddress[]> Listen = new("--listen")
    {
        Description = "Where to listen: http://IP-ADDRESS:PORT, https://IP-ADDRESS:PORT (port 0: any free one) or unix:/path/to.sock. Repeatable. Default: http://127.0.0.1:7070.",
        HelpName = "ADDRESS",
        CustomParser = ParseAddresses,
    };

    private static readonly Option<DirectoryInfo?> DataDirectory = new("--data-dir")
    {
        Description = "Folder for the journal and for code that clients upload. Default: where the first address has a fixed port, one of its own under $XDG_STATE_HOME/cluster "
            + "(~/.local/state/cluster); otherwise a temporary one, removed at the end, and no journal.",
        HelpName = "DIR",
    };

    private static readonly Option<string> Journal = new Option<string>("--journal")
    {
        Description = "Where shared objects are kept: 'file' (they come back when the coordinator is started again) or 'memory' (they end with it).",
        DefaultValueFactory = _ => "file",
    }.AcceptOnlyFromAmong("file", "memory");

    private static readonly Option<string> Fsync = new Option<string>("--fsync")
    {
        Description = "When the journal is forced to the disk: 'always' (before a change is acknowledged: not even a power failure loses one), 'everysec' (the end of the process "
            + "loses nothing, that of the machine up to a second), 'never' (when the kernel likes to).",
        DefaultValueFactory = _ => "everysec",
    }.AcceptOnlyFromAmong("always", "everysec", "never");

    private static readonly Option<bool> RepairJournal = new("--repair-journal")
    {
        Description = "Cut off what follows a damage of the journal and keep a copy, instead of refusing to start.",
    };

    private static readonly Option<long> MaxObjectBytes = new("--max-object-bytes")
    {
        Description = "How many bytes all shared objects may take together; changes that need more are refused, reads and deletions go on. Default: a quarter of the memory that the coordinator may use.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => new CoordinatorOptions().MaxObjectBytes,
        Validators = { result => { if (result.GetValueOrDefault<long>() < LeastObjectBytes) { result.AddError($"--max-object-bytes takes at least {LeastObjectBytes}."); } } },
    };

    private static readonly Option<long> MaxBroadcastMebibytes = new("--max-broadcast-mib")
    {
        Description = "How much all broadcasts may have together, on the disk.",
        HelpName = "MIB",
        DefaultValueFactory = _ => new CoordinatorOptions().MaxBroadcastBytes >> 20,
        Validators = { result => { if (result.GetValueOrDefault<long>() is < 1 or > 1 << 30) { result.AddError("--max-broadcast-mib takes 1 to 1073741824 MiB."); } } },
    };

    private static readonly Option<double> KeepJobsDays = new("--keep-jobs-days")
    {
        Description = "How long a submitted job that has ended is kept, with its results; 0.5 is half a day. Default: 7.",
        HelpName = "DAYS",
        DefaultValueFactory = _ => new CoordinatorOptions().KeepJobsFor.TotalDays,
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var days) && days is >= 0 and <= 36_500)
            {
                return days;
            }

            result.AddError("--keep-jobs-days takes 0 to 36500 days.");
            return default;
        },
    };

    private static readonly Option<long> KeepJobsMebibytes = new("--keep-jobs-mib")
    {
        Description = "How much submitted jobs may have on the disk together, their results included. Where more is needed, jobs that have ended are forgotten, the first first; then no more are taken, and those that run fail.",
        HelpName = "MIB",
        DefaultValueFactory = _ => new CoordinatorOptions().KeepJobsBytes >> 20,
        Validators = { result => { if (result.GetValueOrDefault<long>() is < 1 or > 1 << 30) { result.AddError("--keep-jobs-mib takes 1 to 1073741824 MiB."); } } },
    };

    private static readonly Option<int> MaxRunningJobs = new("--max-running-jobs")
    {
        Description = "How many submitted jobs run at once; the others wait in the order of their submission.",
        HelpName = "N",
        DefaultValueFactory = _ => new CoordinatorOptions().MaxRunningDetachedJobs,
        Validators = { result => { if (result.GetValueOrDefault<int>() is < 1 or > 100_000) { result.AddError("--max-running-jobs takes 1 to 100000."); } } },
    };

    private static readonly Option<string?> Token = new("--token-file")
    {
        Description = $"File with the token that every call must present, or with several: lines of a role (read, submit, node, admin), a secret and a name. Default: the environment variable {TokenVariable}.",
        HelpName = "FILE",
        CustomParser = ReadToken,
    };

    private static readonly Option<int> MaxCallRate = new("--max-call-rate")
    {
        Description = "How many jobs and uploads the holder of a token may begin in a second, in the long run; ten times as many at once.",
        HelpName = "CALLS",
        DefaultValueFactory = _ => new CoordinatorOptions().MaxCallRate,
        Validators = { result => { if (result.GetValueOrDefault<int>() is < 1 or > 1_000_000) { result.AddError("--max-call-rate takes 1 to 1000000 calls."); } } },
    };

    private static readonly Option<FileInfo?> TlsCertificate = Pem(
        "--tls-certificate", "The certificate for https:// addresses. Those that lead from it to its authority may follow in the file.");

    private static readonly Option<FileInfo?> TlsKey = Pem("--tls-key", "The certificate's private key, without a password. Default: it is in the certificate's file too.");

    private static readonly Option<FileInfo?> TlsClientAuthority = Pem(
        "--tls-client-ca", "Authorities: callers over TLS must show a certificate that one of them has issued (mTLS). Default: callers need none.");

    private static readonly Option<IPEndPoint?> StatusListen = new("--status-listen")
    {
        Description = "http://IP-ADDRESS:PORT where to answer, without a token, those who only ask how things are: grpc.health.v1 (the service 'live' is this process, 'ready' is one that "
            + "takes calls) and KEDA's externalscaler.ExternalScaler. Default: health is told with everything else only.",
        HelpName = "ADDRESS",
        CustomParser = ParseStatusAddress,
    };

    private static readonly Option<IPEndPoint?> MetricsListen = new("--metrics-listen")
    {
        Description = "http://IP-ADDRESS:PORT where to answer, without a token and over HTTP/1.1, /metrics (for Prometheus), /healthz and /readyz. Default: nowhere.",
        HelpName = "ADDRESS",
        CustomParser = ParseStatusAddress,
    };

    private static readonly Option<bool> PodDeletionCost = new("--pod-deletion-cost")
    {
        Description = "Tell the Kubernetes API which pods have work, so that those that are idle go first when there are to be fewer. For a coordinator that is a pod and may patch pods; nodes "
            + "are called as their pods.",
    };

    private static readonly Option<string> LogFormat = new Option<string>("--log-format")
    {
        Description = "'text', or 'json': an object a line.",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    private static readonly Option<bool> ExitWithParent = new("--exit-with-parent")
    {
        Description = "Exit when stdin ends, and leave Ctrl-C to the parent process.",
    };

    private static readonly Option<TimeSpan> HeartbeatPeriod = Duration("--heartbeat-period", "How often nodes give a sign of life, in seconds. Default: 1.");

    private static readonly Option<TimeSpan> Lease = Duration("--lease", "How long a node may be silent before its work goes elsewhere, in seconds. Default: 5.");

    /// <summary>Builds the command; <paramref name="run"/> gets what the user asked for and whether to exit with the parent.</summary>
    public static RootCommand Create(Func<CoordinatorOptions, bool, CancellationToken, Task<int>> run)
    {
        var command = new RootCommand("Cluster coordinator: takes jobs from clients and shards them over nodes.")
        {
            Listen, DataDirectory, Journal, Fsync, RepairJournal, MaxObjectBytes, MaxBroadcastMebibytes, KeepJobsDays, KeepJobsMebibytes, MaxRunningJobs, Token, MaxCallRate, TlsCertificate, TlsKey, TlsClientAuthority, ExitWithParent,
            HeartbeatPeriod, Lease, StatusListen, MetricsListen, PodDeletionCost, LogFormat,
        };
        command.Validators.Add(result =>
        {
            var defaults = new CoordinatorOptions();
            var period = result.GetValue(HeartbeatPeriod) is { Ticks: > 0 } given ? given : defaults.HeartbeatPeriod;
            var lease = result.GetValue(Lease) is { Ticks: > 0 } value ? value : defaults.Lease;
            if (lease < 3 * period)
            {
                result.AddError(string.Create(
                    CultureInfo.InvariantCulture,
                    $"A lease of {lease.TotalSeconds} s with a heartbeat every {period.TotalSeconds} s would lose nodes to a single late heartbeat. Make it at least three periods."));
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(TlsCertificate) is null && (result.GetValue(TlsKey) ?? result.GetValue(TlsClientAuthority)) is not null)
            {
                result.AddError("--tls-key and --tls-client-ca go with --tls-certificate: the coordinator needs a certificate of its own first.");
            }
        });
        command.SetAction((result, cancellationToken) => run(ToOptions(result), result.GetValue(ExitWithParent), cancellationToken));
        return command;
    }

    private static CoordinatorOptions ToOptions(ParseResult result)
    {
        var options = new CoordinatorOptions
        {
            KeepsJournal = result.GetValue(Journal) == "file",
            Fsync = result.GetValue(Fsync) switch { "always" => FsyncPolicy.Always, "never" => FsyncPolicy.Never, _ => FsyncPolicy.EverySecond },
            MaxObjectBytes = result.GetValue(MaxObjectBytes),
            MaxCallRate = result.GetValue(MaxCallRate),
            KeepJobsFor = TimeSpan.FromDays(result.GetValue(KeepJobsDays)),
            KeepJobsBytes = result.GetValue(KeepJobsMebibytes) << 20,
            MaxRunningDetachedJobs = result.GetValue(MaxRunningJobs),
            MaxBroadcastBytes = result.GetValue(MaxBroadcastMebibytes) << 20,
            StatusListen = result.GetValue(StatusListen),
            MetricsListen = result.GetValue(MetricsListen),
            Pods = result.GetValue(PodDeletionCost) ? () => PodApi.OfThisPod(Environment.GetEnvironmentVariable) : null,
            LogsJson = result.GetValue(LogFormat) == "json",
            RepairsJournal = result.GetValue(RepairJournal),
            Token = result.GetValue(Token) ?? (Environment.GetEnvironmentVariable(TokenVariable)?.Trim() is { Length: > 0 } token ? token : null),
            Tls = result.GetValue(TlsCertificate) is { } certificate
                ? new TlsOptions(certificate.FullName, result.GetValue(TlsKey)?.FullName, result.GetValue(TlsClientAuthority)?.FullName)
                : null,
        };
        var listen = result.GetValue(Listen) is { Length: > 0 } addresses ? addresses : options.Listen;
        return options with
        {
            Listen = listen,
            DataDirectory = result.GetValue(DataDirectory)?.FullName ?? (options.KeepsJournal ? StateDirectory.Of(listen[0]) : null),
            HeartbeatPeriod = result.GetValue(HeartbeatPeriod) is { Ticks: > 0 } period ? period : options.HeartbeatPeriod,
            Lease = result.GetValue(Lease) is { Ticks: > 0 } lease ? lease : options.Lease,
        };
    }

    private static string? ReadToken(ArgumentResult result)
    {
        var file = result.Tokens[0].Value;
        try
        {
            if (File.ReadAllText(file).Trim() is { Length: > 0 } token)
            {
                _ = AccessTokens.Parse(token);
                return token;
            }

            result.AddError($"The token file '{file}' is empty. Write the token into it, or leave --token-file out.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            result.AddError($"The token file '{file}' cannot be read: {exception.Message}");
        }
        catch (FormatException exception)
        {
            result.AddError($"The token file '{file}': {exception.Message}");
        }

        return null;
    }

    private static ListenAddress[]? ParseAddresses(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens.Select(token => ListenAddress.Parse(token.Value))];
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
            return null;
        }
    }

    private static IPEndPoint? ParseStatusAddress(ArgumentResult result)
    {
        try
        {
            return HttpAddress.ParseStatus(result.Tokens[0].Value);
        }
        catch (FormatException exception)
        {
            result.AddError(exception.Message);
            return null;
        }
    }

    private static Option<FileInfo?> Pem(string name, string description) => new(name) { Description = $"{description} PEM.", HelpName = "FILE" };

    private static Option<TimeSpan> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0.01 and <= 86_400)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            result.AddError($"'{result.Tokens[0].Value}' is no duration for {name}. Give seconds between 0.01 and 86400.");
            return default;
        },
    };
}
