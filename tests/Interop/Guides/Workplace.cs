using System.Globalization;
using Cluster.Interop.Foreign;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;

namespace Cluster.Interop.Guides;

/// <summary>
/// Where a guide's commands are run: a folder that looks like the repository's, with the programs that guides speak of. Nothing of it is there before: no cluster, no state, and a port of its own in the
/// place of 7070.
/// </summary>
internal sealed class Workplace : IAsyncDisposable
{
    private const string UsualPort = ":7070";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-guide-");
    private readonly string _port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
    private readonly string _stubs;
    private readonly Shell _shell;

    private Workplace(string stubs)
    {
        _stubs = stubs;
        var programs = _folder.CreateSubdirectory("programs").FullName;
        AddProgram(programs, "grpcurl", $"exec {ForeignTools.Python} '{stubs}/grpcurl.py' \"$@\"");
        AddProgram(programs, "buf", $"exec '{ForeignTools.Buf}' \"$@\"");

        // The port of its own has to be said where 7070 would not: to listen at, and for callers that have no other address; map and exec without one start a cluster.
        AddProgram(programs, "cluster", $$"""
            case "$1" in
              up) shift; set -- up --listen http://127.0.0.1:{{_port}} "$@" ;;
              map|exec) ;;
              *) export CLUSTER_ADDRESS="${CLUSTER_ADDRESS-http://127.0.0.1:{{_port}}}" ;;
            esac
            exec dotnet '{{BuildOutput.Of("src/Cli", "cluster.dll")}}' "$@"
            """);
        var work = _folder.CreateSubdirectory("work").FullName;
        foreach (var part in Directory.EnumerateDirectories(Guide.Root).Where(static part => !Path.GetFileName(part).StartsWith('.')))
        {
            Directory.CreateSymbolicLink(Path.Combine(work, Path.GetFileName(part)), part);
        }

        _shell = new Shell(work, Path.Combine(_folder.FullName, "errors"), new Dictionary<string, string>
        {
            ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}",
            ["HOME"] = _folder.CreateSubdirectory("home").FullName,
            ["XDG_STATE_HOME"] = _folder.CreateSubdirectory("state").FullName,
            ["TZ"] = "UTC",
            ["LC_ALL"] = "C.UTF-8",
        });
    }

    public static async Task<Workplace> CreateAsync(CancellationToken cancellationToken) => new(await PythonStubs.CreateForClusterAsync(cancellationToken));

    /// <summary>Runs a command of a guide.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(string command, CancellationToken cancellationToken) => _shell.RunAsync(Here(command), cancellationToken);

    /// <summary>A text of a guide's, as it would be here.</summary>
    public string Here(string text)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return text.Replace(UsualPort, $":{_port}", StringComparison.Ordinal).Replace("bin/Debug/", $"bin/{configuration}/", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _shell.DisposeAsync();
        _folder.Delete(recursive: true);
        Directory.Delete(_stubs, recursive: true);
    }

    private static void AddProgram(string folder, string name, string script)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, $"#!/usr/bin/env bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
