using BenchmarkDotNet.Attributes;
using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.MicroBenchmarks.Objects;

/// <summary>What one operation costs the one thread that decides about shared objects, from the decoded request to the reply that is to be encoded.</summary>
[MemoryDiagnoser]
public class DictBenchmarks
{
    private const int Keys = 1024;
    private const int Operations = 100_000;

    private readonly ObjectOutput _output = new();
    private readonly ObjectRequest[] _requests = new ObjectRequest[Operations];
    private ObjectMachine _machine = null!;
    private ulong _session;
    private ulong _number;
    private long _now;

    /// <summary>What is asked.</summary>
    [Params("set", "set, watched", "get", "increment", "try add", "put and get")]
    public string Operation { get; set; } = "set";

    [GlobalSetup]
    public void Open()
    {
        _machine = new ObjectMachine();
        _machine.Apply(ObjectEntry.SessionOpened(++_now, "client", TimeSpan.FromSeconds(30)), _output);
        _session = _machine.FindSession("client")!.Value;
        Apply(new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Dictionary, Name = "dict" } });
        Apply(new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Queue, Name = "queue" } });
        var watches = Operation == "set, watched" ? 2 : 0;
        for (var i = 0; i < watches; i++)
        {
            _machine.Apply(ObjectEntry.SessionOpened(++_now, $"watcher-{i}", TimeSpan.FromSeconds(30)), _output);
            var watch = new ObjectRequest { Number = 1, Object = 1, DictWatch = new DictWatch() };
            _machine.Apply(ObjectEntry.Requested(++_now, _machine.FindSession($"watcher-{i}")!.Value, watch), _output);
        }

        for (var i = 0; i < Operations; i++)
        {
            _requests[i] = Request(i);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public int Ask()
    {
        var replies = 0;
        for (var i = 0; i < Operations; i++)
        {
            var request = _requests[i];
            request.Number = ++_number;
            _output.Clear();
            _machine.Apply(ObjectEntry.Requested(++_now, _session, request), _output);
            replies += _output.Deliveries.Length;
            if (i % 256 == 255)
            {
                _machine.Apply(ObjectEntry.Acknowledged(_now, _session, _number, []), _output);
            }
        }

        return replies;
    }

    private ObjectRequest Request(int i)
    {
        // Each with its own bytes, as requests have that came over a wire.
        var key = new Payload { Format = Format.Utf8, Data = ByteString.CopyFromUtf8($"key-{i % Keys}") };
        var value = new Payload { Format = Format.Json, Data = ByteString.CopyFromUtf8($"{i}") };
        return Operation switch
        {
            "get" => new ObjectRequest { Object = 1, DictGet = new DictGet { Key = key } },
            "increment" => new ObjectRequest { Object = 1, DictIncrement = new DictIncrement { Key = key } },
            "try add" => new ObjectRequest { Object = 1, DictTryAdd = new DictTryAdd { Key = key, Value = value } },
            "put and get" when i % 2 == 0 => new ObjectRequest { Object = 2, QueuePut = new QueuePut { Values = { value } } },
            "put and get" => new ObjectRequest { Object = 2, QueueGet = new QueueGet() },
            _ => new ObjectRequest { Object = 1, DictSet = new DictSet { Key = key, Value = value } },
        };
    }

    private void Apply(ObjectRequest request)
    {
        request.Number = ++_number;
        _machine.Apply(ObjectEntry.Requested(++_now, _session, request), _output);
    }
}
