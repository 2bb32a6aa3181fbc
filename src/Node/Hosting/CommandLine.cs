using System.Globalization;
using System.Net;
using Cluster.Protocol;
using Grpc.Transport;

namespace Cluster.Node.Hosting;

/// <summary>Reads the node's command line. By hand, because the node's start is part of every local cluster's start.</summary>
internal sealed class CommandLine(Func<string, string?> environment, int processors, string host, Random random)
{
    public const string Usage =
        """
        Usage: cluster-node --coordinator ADDRESS [options]

          --coordinator ADDRESS  http://host:port, https://host:port or unix:/path
          --name NAME            unique among the attached nodes (default: the host's name with a suffix)
          --workers N            worker processes (default: the processors that this process may use)
          --threads N            chunks that a worker runs at once (default: 1)
          --prefetch N           chunks to take ahead (default: workers × threads)
          --max-tasks-per-worker N
                                 replace a worker when it has run N items, or a few more: those of its last chunk (default: never)
          --memory MIB|PERCENT%  what all workers together may use (default: 100% of what the cgroup or the machine has); for several nodes on
                                 one machine
          --worker-memory MIB    memory of a worker: one that has more is replaced after its chunk, one that has half as much again is ended
                                 (default: 80 % of what the node may use, divided by the workers; 0: no limit for each)
          --label KEY=VALUE      what jobs may require; repeatable
          --allow-commands       tasks may run programs of this machine (cluster exec); the node gets the label cluster.commands=true
          --cache-dir DIR        where the code of jobs is kept (default: the user's cache folder)
          --token-file FILE      the coordinator's token (default: the variable CLUSTER_TOKEN)
          --tls-ca FILE          authorities for https:// addresses, PEM (default: those that the system trusts)
          --tls-certificate FILE the certificate to show to a coordinator that asks for one, PEM
          --tls-key FILE         its private key, PEM without a password (default: it is in the certificate's file)
          --drain-grace SECONDS  how long running items may go on when the node is to leave (default: 30)
          --status-listen ADDRESS
                                 http://IP-ADDRESS:PORT (*: all interfaces) where to answer grpc.health.v1, without a token: the service `live` is
                                 this process, `ready` is one that is attached and does not drain (default: nowhere)
          --metrics-listen ADDRESS
                                 http://IP-ADDRESS:PORT (*: all interfaces) where to answer, without a token and over HTTP/1.1, /metrics (for
                                 Prometheus), /healthz and /readyz (default: nowhere)
          --log-format FORMAT    `text` or `json`, an object a line (default: text)
          --exit-with-parent     end when stdin ends
          --version              say the version, and nothing else

        SIGTERM and SIGINT drain the node: it takes no new work, hands back what has not begun, finishes what runs within the grace, and ends
        with exit code 0. A second signal ends it at once.
        """;

    private const int MaxWorkers = 4096;

    // About what a worker has before it has done anything; less would end every one.
    private const int MinWorkerMemory = 64;

    private const int DefaultDrainSeconds = 30;

    /// <exception cref="UsageException">An option is unknown, lacks its value or has one that makes no sense.</exception>
    public NodeOptions Parse(IReadOnlyList<string> arguments)
    {
        string? coordinator = null, name = null, cacheDirectory = null, tokenFile = null;
        string? tlsAuthority = null, tlsCertificate = null, tlsKey = null;
        int? workers = null, prefetch = null, maxTasks = null, workerMemory = null;
        var threads = 1;
        var memory = MemoryShare.All;
        var (exitWithParent, logsJson, allowsCommands) = (false, false, false);
        IPEndPoint? status = null, metrics = null;
        var drainGrace = TimeSpan.FromSeconds(DefaultDrainSeconds);
        var labels = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var option = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{option} needs a value.");
            switch (option)
            {
                case "--coordinator": coordinator = Value(); break;
                case "--name": name = Value(); break;
                case "--workers": workers = Number(option, Value(), 1, MaxWorkers); break;
                case "--threads": threads = Number(option, Value(), 1, MaxWorkers); break;
                case "--prefetch": prefetch = Number(option, Value(), 1, int.MaxValue); break;
                case "--max-tasks-per-worker": maxTasks = Number(option, Value(), 1, int.MaxValue); break;
                case "--memory": memory = Share(option, Value()); break;
                case "--worker-memory": workerMemory = Memory(option, Value()); break;
                case "--label": AddLabel(labels, Value()); break;
                case "--allow-commands": allowsCommands = true; break;
                case "--cache-dir": cacheDirectory = Value(); break;
                case "--token-file": tokenFile = Value(); break;
                case "--tls-ca": tlsAuthority = Value(); break;
                case "--tls-certificate": tlsCertificate = Value(); break;
                case "--tls-key": tlsKey = Value(); break;
                case "--drain-grace": drainGrace = TimeSpan.FromSeconds(Number(option, Value(), 0, (int)Departure.MaxGrace.TotalSeconds)); break;
                case "--status-listen": status = Status(option, Value()); break;
                case "--metrics-listen": metrics = Status(option, Value()); break;
                case "--log-format": logsJson = LogsJson(option, Value()); break;
                case "--exit-with-parent": exitWithParent = true; break;
                default: throw new UsageException($"Unknown option {option}.");
            }
        }

        if (allowsCommands)
        {
            labels[CommandAccess.NodeLabel] = "true";
        }

        var workerCount = workers ?? processors;
        return new NodeOptions
        {
            Coordinator = coordinator ?? throw new UsageException("--coordinator is missing: the node has to know where to dial."),
            Name = name ?? string.Create(CultureInfo.InvariantCulture, $"{host}-{random.Next(0x10000):x4}"),
            Workers = workerCount,
            Threads = threads,
            MaxTasksPerWorker = maxTasks,
            Memory = memory,
            WorkerMemoryMiB = workerMemory,
            Prefetch = prefetch ?? Math.Max(1, workerCount * threads),
            Labels = labels,
            AllowsCommands = allowsCommands,
            CacheDirectory = Path.GetFullPath(cacheDirectory ?? DefaultCacheDirectory()),
            Token = ReadToken(tokenFile),
            Tls = ReadTls(coordinator, tlsAuthority, tlsCertificate, tlsKey),
            ExitWithParent = exitWithParent,
            StatusListen = status,
            MetricsListen = metrics,
            LogsJson = logsJson,
            DrainGrace = drainGrace,
        };
    }

    private static int Number(string option, string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new UsageException($"{option} takes a whole number from {min}{(max == int.MaxValue ? "" : $" to {max}")}, not '{text}'.");

    private static int Memory(string option, string text) => text == "0" ? 0 : Number(option, text, MinWorkerMemory, int.MaxValue);

    private static MemoryShare Share(string option, string text) => text.EndsWith('%')
        ? new MemoryShare(null, Number(option, text[..^1], 1, 100))
        : new MemoryShare((long)Number(option, text, MinWorkerMemory, int.MaxValue) << 20, 100);

    private static bool LogsJson(string option, string text) => text switch
    {
        "json" => true,
        "text" => false,
        _ => throw new UsageException($"{option} takes text or json, not '{text}'."),
    };

    private static IPEndPoint Status(string option, string text)
    {
        try
        {
            return HttpAddress.ParseStatus(text);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"{option}: {exception.Message}");
        }
    }

    private static void AddLabel(Dictionary<string, string> labels, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1)
        {
            throw new UsageException($"--label takes KEY=VALUE, not '{text}'.");
        }

        labels[text[..equals]] = text[(equals + 1)..];
    }

    private string? ReadToken(string? file)
    {
        if (file is null)
        {
            return environment("CLUSTER_TOKEN") is { Length: > 0 } token ? token : null;
        }

        try
        {
            var token = File.ReadAllText(file).Trim();
            return token.Length == 0 ? throw new UsageException($"The token file {file} is empty.")
                : !token.Any(char.IsWhiteSpace) ? token
                : throw new UsageException($"The token file {file} has more than one word. If it is the coordinator's list of tokens, give nodes one of its secrets alone.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The token file cannot be read: {exception.Message}");
        }
    }

    private static GrpcTls? ReadTls(string coordinator, string? authority, string? certificate, string? key)
    {
        if ((authority ?? certificate ?? key) is null)
        {
            return null;
        }

        if (!coordinator.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--tls-ca, --tls-certificate and --tls-key are for https:// addresses; {coordinator} would not be protected.");
        }

        if (key is not null && certificate is null)
        {
            throw new UsageException("--tls-key goes with --tls-certificate.");
        }

        try
        {
            return new GrpcTls
            {
                Authorities = authority is null ? [] : CertificateFiles.ReadAuthorities(authority),
                Certificate = certificate is null ? null : CertificateFiles.ReadWithKey(certificate, key),
            };
        }
        catch (InvalidDataException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private string DefaultCacheDirectory() => environment("XDG_CACHE_HOME") is { Length: > 0 } cache
        ? Path.Combine(cache, "cluster", "code")
        : environment("HOME") is { Length: > 0 } home
            ? Path.Combine(home, ".cache", "cluster", "code")
            : Path.Combine(Path.GetTempPath(), $"cluster-code-{Environment.UserName}");
}
