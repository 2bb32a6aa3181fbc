using Cluster.Node.Session;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Simulation.Wire;

/// <summary>
/// A node whose side of the session is the real one. It dials, hands over what comes, and dials again; what it runs are echoes.
/// </summary>
internal sealed class WireNode(WireWorld world, string name, AgendaTime time)
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(5);

    private readonly Lease _lease = new(time, LeaseTime);
    private readonly Dictionary<ulong, WireChunk> _chunks = [];
    private readonly Dictionary<ulong, int> _lines = [];
    private readonly HashSet<ulong> _jobs = [];
    private readonly HashSet<NodeCommand> _heard = new(ReferenceEqualityComparer.Instance);
    private Conversation? _conversation;
    private ConnectionWriter? _writer;
    private Pipe<NodeMessage>? _up;
    private Pipe<NodeCommand>? _down;
    private PushReader<NodeMessage>? _reader;
    private ulong _lastChunk;
    private int _connection;
    private int _session;

    /// <summary>Messages that the coordinator has not said that it has.</summary>
    public int Unacknowledged => _conversation?.Outbox.Unacknowledged.Length ?? 0;

    /// <summary>Jobs that the coordinator has opened here, and not closed.</summary>
    public int OpenJobs => _jobs.Count;

    public bool IsConnected => _writer is not null;

    public void Dial()
    {
        if (_conversation is not null && _lease.Silence >= LeaseTime)
        {
            EndSession();
        }

        int connection = ++_connection;
        WireCoordinator coordinator = world.Coordinator;
        Pipe<NodeMessage> up = new(world);
        Pipe<NodeCommand> down = new(world);
        PushReader<NodeMessage> reader = new();
        (_up, _down, _reader) = (up, down, reader);
        up.Arrived = hello =>
        {
            up.Arrived = message =>
            {
                if (_connection != connection && IsConnected)
                {
                    world.Seen.Add(WireOccurrence.Late);
                }

                reader.Push(message);
            };
            coordinator.Attach(hello.Hello, down, reader);
        };
        down.Arrived = command =>
        {
            if (_connection == connection)
            {
                Handle(command);
            }
        };
        _ = up.WriteAsync(new NodeMessage
        {
            Hello = new Hello { ProtocolVersion = ProtocolVersion.Current, Name = name, Slots = 2, Prefetch = 2, Resumable = true, Resume = _conversation?.Resumption },
        });
        Beat(connection);
    }

    /// <summary>The node sees that its connection is gone. The coordinator may see it later, or not at all.</summary>
    public void Break(bool isUnseen = false)
    {
        if (_up is null)
        {
            return;
        }

        _connection++;
        _writer?.Close();
        _writer = null;
        _conversation?.Disconnect();
        _up.Cut(isLost: world.Random.Next(2) == 0);
        _down!.Cut(isLost: true);
        PushReader<NodeMessage> reader = _reader!;
        if (!isUnseen)
        {
            world.Agenda.After(world.Random.NextSeconds(1), reader.Break);
        }

        _up = null;
        world.Agenda.After(world.Random.NextSeconds(world.Random.Next(6) == 0 ? 8 : 0.5), Dial);
    }

    /// <summary>Nothing comes through any more, in either direction or in one, and nobody is told.</summary>
    public void FallSilent()
    {
        world.Seen.Add(WireOccurrence.Silence);
        _up?.FallSilent();
        if (world.Random.Next(2) == 0)
        {
            _down?.FallSilent();
        }
    }

    private void Beat(int connection) => world.Agenda.After(HeartbeatPeriod, () =>
    {
        if (_connection != connection)
        {
            return;
        }

        if (_lease.Silence >= LeaseTime / 2 || _writer is null)
        {
            Break(isUnseen: true);
            return;
        }

        _writer.SendHeartbeat(new NodeMessage { Heartbeat = new Heartbeat() });
        _conversation!.Acknowledge();
        Beat(connection);
    });

    private void Handle(NodeCommand command)
    {
        _lease.Renew();
        if (command.Welcome is { } welcome)
        {
            Join(welcome);
        }
        else if (!_conversation!.TryHandle(command))
        {
            Require.That(_heard.Add(command), $"{name} was given a command twice: {command}");
            Act(command, _conversation);
            _conversation.Heard(command);
        }
    }

    private void Join(Welcome welcome)
    {
        if (!welcome.Resumed)
        {
            EndSession();
            _session++;
            _conversation = new Conversation(welcome.Session, capacity: 8 << 20);
        }

        ConnectionWriter writer = _conversation!.Outbox.CreateWriter(_up!);
        Require.That(_conversation.TryConnect(writer, welcome.Received), $"{name} is to go on after message {welcome.Received}, which it does not have");
        _writer = writer;
        if (welcome.Resumed && Unacknowledged > 0)
        {
            world.Seen.Add(WireOccurrence.SaidAgain);
        }
    }

    private void EndSession()
    {
        _conversation?.Outbox.Close();
        _conversation = null;
        _chunks.Clear();
        _lines.Clear();
        _jobs.Clear();
        _lastChunk = 0;
    }

    private void Act(NodeCommand command, Conversation conversation)
    {
        if (command.OpenJob is { } open)
        {
            Require.That(_jobs.Add(open.Job), $"{name} was told of job {open.Job} twice");
        }
        else if (command.CloseJob is { } close)
        {
            Require.That(_jobs.Remove(close.Job), $"{name} was told of the end of job {close.Job}, which is not open");
        }
        else if (command.RunChunk is { } run)
        {
            Require.That(_jobs.Contains(run.Job), $"{name} was given chunk {run.ChunkId} of job {run.Job}, which is not open");
            if (!_chunks.TryGetValue(run.ChunkId, out WireChunk? chunk))
            {
                Require.That(run.ChunkId > _lastChunk, $"{name} was given chunk {run.ChunkId} after {_lastChunk}");
                _lastChunk = run.ChunkId;
                chunk = _chunks[run.ChunkId] = new WireChunk(run.ChunkId, run.Job);
            }

            foreach (Batch batch in run.Batches)
            {
                chunk.Add(batch, world.Random);
            }

            if (run.Last)
            {
                world.Agenda.After(world.Random.NextSeconds(0.3), () => Step(chunk, conversation));
            }
        }
        else if (command.CancelChunk is { } cancel && _chunks.TryGetValue(cancel.ChunkId, out WireChunk? cancelled) && !(cancel.UnlessBegun && cancelled.HasBegun))
        {
            Say(conversation, new NodeMessage { ChunkEnded = new ChunkEnded { ChunkId = cancelled.Id, End = ChunkEnd.Cancelled, Elapsed = new Duration() } });
            _chunks.Remove(cancelled.Id);
        }
    }

    private void Step(WireChunk chunk, Conversation conversation)
    {
        if (_conversation != conversation || !_chunks.ContainsKey(chunk.Id))
        {
            return;
        }

        if (!chunk.HasBegun)
        {
            chunk.HasBegun = true;
            Say(conversation, new NodeMessage { ChunkStarted = new ChunkStarted { ChunkId = chunk.Id } });
        }

        if (chunk.Pieces.TryDequeue(out Batch? piece))
        {
            int line = _lines[chunk.Job] = _lines.GetValueOrDefault(chunk.Job) + 1;
            Output output = new() { Lines = { new OutputLine { Text = $"{name}.{_session}/{line}" } } };
            Say(conversation, new NodeMessage { ChunkOutput = new ChunkOutput { ChunkId = chunk.Id, Output = output } });
            Results results = new() { Batches = { piece }, Busy = TimeSpan.FromMilliseconds(piece.Count).ToDuration() };
            Say(conversation, new NodeMessage { ChunkResults = new ChunkResults { ChunkId = chunk.Id, Results = results } }, piece.Payload.Length);
            world.Agenda.After(world.Random.NextSeconds(0.3), () => Step(chunk, conversation));
        }
        else
        {
            _chunks.Remove(chunk.Id);
            Say(conversation, new NodeMessage { ChunkEnded = new ChunkEnded { ChunkId = chunk.Id, End = ChunkEnd.Done, Elapsed = TimeSpan.FromMilliseconds(5).ToDuration() } });
        }
    }

    private static void Say(Conversation conversation, NodeMessage message, int bytes = 0)
    {
        conversation.Outbox.Post(message, bytes);
        conversation.Outbox.Flush();
    }
}
