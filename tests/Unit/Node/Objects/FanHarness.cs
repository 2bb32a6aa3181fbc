using Cluster.Coordinator.Objects;
using Cluster.Node.Workers.Objects;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Objects.Dictionaries;

namespace Cluster.Unit.Node.Objects;

/// <summary>The coordinator's own machine, a node and its workers; what each stream brings comes whenever the test wants it to.</summary>
internal sealed class FanHarness
{
    private readonly ObjectMachine _machine = new(new ObjectLimits { HistoryChanges = 12, PageBytes = 64 });
    private readonly ObjectOutput _output = new();
    private readonly Queue<ObjectReply> _toNode = new();
    private readonly ulong _node;
    private ulong _number;
    private ulong _asked;

    public FanHarness(int workers, int dictionaries)
    {
        _node = Open("node");
        Workers = [.. Enumerable.Range(0, workers).Select(i => new FannedWorker(this, Open($"worker {i}")))];
        for (var i = 0; i < dictionaries; i++)
        {
            Apply(Workers[0].Session, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Dictionary, Name = $"{i}" } });
            Dictionaries.Add(Workers[0].Coming.Dequeue().Opened.Object);
        }
    }

    public WatchTable Table { get; } = new();

    public IReadOnlyList<FannedWorker> Workers { get; }

    public List<ulong> Dictionaries { get; } = [];

    public List<(ulong Dict, ulong Revision)> Log { get; } = [];

    public ulong Revision => _machine.Revision;

    public bool HasMore => _toNode.Count > 0 || Table.ToSend.Count > 0 || Workers.Any(static worker => worker.Coming.Count > 0 || worker.Held is not null);

    /// <summary>How many watches the coordinator has.</summary>
    public int Watches(ulong dict)
    {
        Apply(Workers[0].Session, 0, new ObjectRequest { ListObjects = new ObjectList() });
        var list = Workers[0].Coming.Last();
        return (int)list.Objects.Objects.Single(each => each.Object == dict).Watches;
    }

    /// <summary>A worker writes.</summary>
    public void Write(FannedWorker worker, ulong dict, ObjectRequest request)
    {
        if (worker.Held is null)
        {
            Apply(worker.Session, dict, request);
        }
    }

    /// <summary>A worker deletes a dictionary.</summary>
    public void Delete(FannedWorker worker, ulong dict)
    {
        if (worker.Held is null && Dictionaries.Remove(dict))
        {
            Apply(worker.Session, dict, new ObjectRequest { Delete = new ObjectDelete() });
        }
    }

    /// <summary>A worker asks for a watch.</summary>
    public void Watch(FannedWorker worker, ulong dict, ulong from, bool content)
    {
        if (worker.Held is null)
        {
            var request = OnDict.Watch(from, content);
            (request.Number, request.Object) = (++_number, dict);
            worker.Expect(request.Number, dict, from, content);
            worker.Held = (Table.Enter(worker.Worker, request.Number, dict)!, request);
        }
    }

    /// <summary>A worker calls a watch off.</summary>
    public void Cancel(FannedWorker worker, ulong number)
    {
        if (worker.Held is null)
        {
            worker.Forget(number);
            Table.Cancel(worker.Worker, number);
            Apply(worker.Session, 0, new ObjectRequest { Cancel = new ObjectCancel { Request = number } });
        }
    }

    /// <summary>What the node has to say reaches the coordinator.</summary>
    public void Send()
    {
        foreach (var request in Table.ToSend.ToArray())
        {
            Apply(_node, request);
        }

        Table.ToSend.Clear();
    }

    /// <summary>The node is told one thing.</summary>
    public void TellNode()
    {
        if (_toNode.TryDequeue(out var reply))
        {
            Table.Receive(reply);
            _asked = reply.Number == _asked ? 0 : _asked;
        }
    }

    /// <summary>A worker's session brings one thing, or a watch can begin.</summary>
    public void TellWorker(FannedWorker worker)
    {
        if (worker.Held is { Source.IsTold: { } isTold } held)
        {
            worker.Held = null;
            if (isTold)
            {
                held.Request.DictWatch.Once = true;
            }
            else
            {
                Table.Drop(worker.Worker, held.Request.Number);
            }

            Apply(worker.Session, held.Request);
        }

        if (worker.Coming.TryPeek(out var reply))
        {
            if (Table.TryPass(worker.Worker, reply))
            {
                worker.Coming.Dequeue();
            }
            else if (_asked == 0)
            {
                _asked = Table.Ask();
            }
        }
    }

    private ulong Open(string token)
    {
        _machine.Apply(ObjectEntry.SessionOpened(1, token, TimeSpan.FromSeconds(1)), _output);
        return _machine.FindSession(token)!.Value;
    }

    private void Apply(ulong session, ulong target, ObjectRequest request)
    {
        (request.Number, request.Object) = (++_number, target);
        Apply(session, request);
    }

    private void Apply(ulong session, ObjectRequest request)
    {
        var before = _machine.Revision;
        _machine.Apply(ObjectEntry.Requested(1, session, request), _output);
        if (request.OperationCase is ObjectRequest.OperationOneofCase.DictSet or ObjectRequest.OperationOneofCase.DictSetMany && _machine.Revision > before)
        {
            var entries = request.DictSetMany?.Entries.Count ?? 1;
            Log.AddRange(Enumerable.Repeat((request.Object, _machine.Revision), entries));
        }

        foreach (var (to, reply) in _output.Deliveries)
        {
            (to == _node ? _toNode : Workers.Single(worker => worker.Session == to).Coming).Enqueue(reply);
        }

        _output.Clear();
    }
}
