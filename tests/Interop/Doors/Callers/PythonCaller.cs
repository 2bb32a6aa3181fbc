using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Cluster.Interop.Foreign;

namespace Cluster.Interop.Doors.Callers;

/// <summary>grpcio's client: one process, caller.py, for all calls.</summary>
internal sealed class PythonCaller : ForeignCaller
{
    private readonly ConcurrentDictionary<string, PythonCall> _calls = [];
    private readonly ForeignProcess _process;
    private readonly string _protoset;
    private readonly Task _reading;
    private int _last;

    /// <param name="directory">Where the script and its stubs are.</param>
    /// <param name="protoset">The descriptors in a file.</param>
    public PythonCaller(string directory, string protoset)
    {
        _process = ForeignProcess.Start(ForeignTools.Python, ["caller.py"], directory);
        _protoset = protoset;
        _reading = ReadAsync();
    }

    public override ForeignCall Start(CallOrder order)
    {
        var id = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        var call = _calls[id] = new PythonCall(() => Say(new { cancel = id }));
        Say(new
        {
            id,
            address = order.Door.HostAndPort,
            authority = order.Door.IsSecure ? order.Door.Authority ?? "" : null,
            certificate = order.Door.Certificate?.File,
            key = order.Door.Certificate?.KeyFile,
            token = order.Token,
            schema = order.Schema switch { SchemaSource.Files => _protoset, SchemaSource.Reflection => "v1", _ => "v1alpha" },
            method = order.Method,
            messages = order.Messages.Select(static message => JsonSerializer.Deserialize<JsonElement>(message)),
            open = order.StaysOpen,
        });
        return call;
    }

    public override async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _reading;
    }

    private void Say(object command)
    {
        lock (_process)
        {
            _process.Input.WriteLine(JsonSerializer.Serialize(command));
            _process.Input.Flush();
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.TryReadLineAsync(CancellationToken.None) is { } line)
        {
            var said = JsonSerializer.Deserialize<JsonElement>(line);
            _calls[said.GetProperty("id").GetString()!].Hear(said);
        }

        foreach (var call in _calls.Values)
        {
            call.Lose();
        }
    }
}
