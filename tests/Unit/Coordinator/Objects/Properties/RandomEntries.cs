using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;

namespace Cluster.Unit.Coordinator.Objects.Properties;

/// <summary>A life of sessions and objects, told by a seed. It looks at the machine's replies only to learn which objects there are.</summary>
internal sealed class RandomEntries
{
    private readonly Random _random;
    private readonly RandomRequests _requests;
    private readonly List<(ulong Session, ulong Number, ObjectRequest Request)> _sent = [];
    private readonly List<(ulong Id, ObjectKind Kind)> _targets = [];
    private readonly Dictionary<ulong, ulong> _numbers = [];
    private readonly ObjectMachine _machine;
    private readonly ObjectOutput _output = new();
    private long _now = 1_000_000_000;
    private int _tokens;

    public RandomEntries(int seed, ObjectLimits limits)
    {
        _random = new Random(seed);
        _requests = new RandomRequests(_random);
        _machine = new ObjectMachine(limits);
        for (var i = 0; i < 3; i++)
        {
            Open();
        }

        foreach (var kind in Enum.GetValues<ObjectKind>().Where(kind => kind != ObjectKind.Unspecified))
        {
            var open = new ObjectOpen { Kind = kind, Name = $"{kind}" };
            switch (kind)
            {
                case ObjectKind.Barrier:
                    open.Barrier = new BarrierOptions { Parties = 2 };
                    break;
                case ObjectKind.Queue:
                    open.Queue = new QueueOptions { Capacity = 3 };
                    break;
                case ObjectKind.Value or ObjectKind.Array:
                    open.Cells = new CellOptions { Length = 3, Numeric = NumericType.Int32 };
                    break;
                case ObjectKind.Condition:
                    open.Condition = new ConditionOptions { Lock = _targets.Single(target => target.Kind == ObjectKind.Rlock).Id };
                    break;
            }

            Request(1, new ObjectRequest { Open = open });
        }
    }

    /// <summary>What happened.</summary>
    public List<ObjectEntry> Entries { get; } = [];

    /// <summary>How often which answers were given, to see that a run is one worth looking at.</summary>
    public Dictionary<string, int> Results { get; } = [];

    public RandomEntries Run(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            Step();
        }

        return this;
    }

    private void Step()
    {
        _now += _random.Next(3) == 0 ? TimeSpan.FromMilliseconds(_random.Next(700)).Ticks : 0;
        var sessions = _numbers.Keys.Where(id => _machine.LeaseOf(id) is not null).ToList();
        if (sessions.Count < 3)
        {
            Open();
            return;
        }

        var session = sessions[_random.Next(sessions.Count)];
        switch (_random.Next(60))
        {
            case 0:
                Apply(ObjectEntry.SessionDisconnected(_now, session));
                break;
            case 1 or 2 or 3:
                Apply(ObjectEntry.SessionResumed(_now, session));
                break;
            case 4:
                if (_random.Next(10) == 0)
                {
                    Apply(ObjectEntry.SessionClosed(_now, session));
                }

                break;
            case 5:
                Apply(ObjectEntry.Acknowledged(_now, session, _numbers[session] - (ulong)_random.NextInt64((long)Math.Min(_numbers[session] + 1, 5)), Received(_numbers[session])));
                break;
            case 6:
                Apply(ObjectEntry.TimePassed(_now));
                break;
            case 7 when _random.Next(20) == 0:
                Apply(ObjectEntry.Restarted(_now));
                break;
            case < 12 when _sent.Count > 0:
                var (again, number, request) = _sent[^_random.Next(1, Math.Min(_sent.Count, 20) + 1)];
                request = request.Clone();
                request.Number = number;
                Apply(ObjectEntry.Requested(_now, again, request));
                break;
            default:
                Request(session, _requests.Next(_targets, _numbers[session]));
                break;
        }
    }

    private void Open()
    {
        Apply(ObjectEntry.SessionOpened(_now, $"token-{++_tokens}", TimeSpan.FromSeconds(5)));
        _numbers[_machine.FindSession($"token-{_tokens}")!.Value] = 0;
    }

    private void Request(ulong session, ObjectRequest request)
    {
        request.Number = ++_numbers[session];
        _sent.Add((session, request.Number, request));
        Apply(ObjectEntry.Requested(_now, session, request));
    }

    private void Apply(ObjectEntry entry)
    {
        Entries.Add(entry);
        _output.Clear();
        _machine.Apply(entry, _output);
        foreach (var (_, reply) in _output.Deliveries)
        {
            var result = reply.Error is null ? reply.ResultCase.ToString() : reply.Error.Code.ToString();
            Results[result] = Results.GetValueOrDefault(result) + 1;
            if (reply.Opened is { Created: true } opened)
            {
                _targets.Add((opened.Object, opened.Kind));
                if (opened.Kind == ObjectKind.Condition && _targets.All(target => target.Id != opened.Condition.Lock))
                {
                    _targets.Add((opened.Condition.Lock, ObjectKind.Rlock));
                }
            }
        }
    }

    private NumberRange[] Received(ulong last)
    {
        var first = (ulong)_random.NextInt64(1, (long)last + 2);
        return _random.Next(2) == 0 || first > last ? [] : [new NumberRange { First = first, Last = Math.Min(last, first + (ulong)_random.Next(3)) }];
    }
}
