using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cluster.Simulation.Wire;

/// <summary>A client with one job: the window, the ledger, what is sent and what is taken are the real ones; only the streams are played.</summary>
internal sealed class WireClient
{
    private readonly WireWorld _world;
    private readonly ArrayInputs<long> _inputs;
    private readonly JobFlow _flow;
    private readonly JobScript _script;
    private readonly JobAnswers _answers;
    private readonly WireResults _results;
    private readonly JobSpec _spec;
    private readonly Dictionary<string, int> _lines = [];
    private Pipe<RunRequest>? _up;
    private Pipe<RunReply>? _down;
    private PushReader<RunReply> _replies = new();
    private Task<JobEnd?>? _receiving;
    private Action _lose = static () => { };
    private int _connection;

    public WireClient(WireWorld world, AgendaTime time)
    {
        Random random = world.Random;
        long[] values = [.. Enumerable.Range(0, random.Next(1, 300)).Select(WireResults.Value)];
        _world = world;
        _results = new WireResults(values.Length);
        _inputs = new ArrayInputs<long>(ItemCodec.For<long>(), values);
        _flow = new JobFlow(new WindowLimits { MaxItems = random.Next(3) == 0 ? random.Next(1, 60) : null });
        _script = new JobScript(_inputs, _flow, exception => world.Fail(exception.Message));
        _answers = new JobAnswers(_results, _flow, _script, Pump, new JobEvents(null, null, NullLogger.Instance), new JobProgressTracker(values.Length, time));
        _spec = new JobSpec
        {
            Function = new Function { Assembly = "App", Type = "App.Program", Method = "Echo" },
            InputFormat = Format.Raw,
            InputStride = sizeof(long),
            OnError = OnError.Collect,
            WantOutput = true,
            ChunkSize = random.Next(2) == 0 ? (uint)random.Next(1, 60) : 0,
            ExpectedCount = (ulong)values.Length,
        };
        for (int i = random.Next(3) == 0 ? random.Next(1, 10) : 0; i > 0; i--)
        {
            world.Agenda.After(random.NextSeconds(3), CancelOne);
        }
    }

    public bool IsDone { get; private set; }

    public void Open()
    {
        int connection = ++_connection;
        WireCoordinator coordinator = _world.Coordinator;
        Pipe<RunRequest> up = new(_world);
        Pipe<RunReply> down = new(_world);
        PushReader<RunRequest> requests = new();
        (_up, _down) = (up, down);
        _replies = new PushReader<RunReply>();
        _receiving = null;
        _lines.Clear();
        _lose = static () => { };
        up.Arrived = open =>
        {
            up.Arrived = requests.Push;
            Action abandon = coordinator.Run(open.Open, down, requests);
            _lose = () =>
            {
                requests.Break();
                abandon();
            };
        };
        down.Arrived = reply =>
        {
            if (_connection == connection && !IsDone)
            {
                Handle(reply);
            }
        };
        _ = up.WriteAsync(new RunRequest { Open = _spec });
    }

    /// <summary>The client sees that its call has broken; the coordinator sees it later.</summary>
    public void Break()
    {
        if (IsDone || _up is null)
        {
            return;
        }

        _connection++;
        _up.Cut(isLost: _world.Random.Next(2) == 0);
        _down!.Cut(isLost: true);
        _up = null;
        Action lose = _lose;
        _world.Agenda.After(_world.Random.NextSeconds(1), lose);
        if (_inputs.IsEnded && _flow.IsSettled)
        {
            Finish();
            return;
        }

        _world.Seen.Add(WireOccurrence.OpenedAgain);
        _world.Agenda.After(_world.Random.NextSeconds(2), Open);
    }

    private void Handle(RunReply reply)
    {
        if (reply.Accepted is { } accepted)
        {
            _flow.Accept((long)accepted.MaxBytesInFlight, (long)accepted.MaxItemsInFlight);
            _answers.Restart();
            _script.Restart();
            _receiving = _answers.ReceiveAsync(_replies, accepted.JobId, CancellationToken.None);
        }
        else if (reply.Output is { } output)
        {
            CheckLines(output);
        }
        else
        {
            _replies.Push(reply);
        }

        if (_receiving is { IsCompleted: true } received)
        {
            JobEnd? end = Ended.ResultOf(received);
            Require.That(end is { Error: null }, $"the job ended: {end?.Error}");
            Finish();
        }

        Pump();
    }

    private void Pump()
    {
        while (!IsDone && _up is { } up && _receiving is not null && _script.TryNext() is { } request)
        {
            if (request.SkipItems is not null)
            {
                _world.Seen.Add(WireOccurrence.Skipped);
            }

            _ = up.WriteAsync(request);
        }
    }

    // Nobody says a line again by himself, nor leaves one out: what comes twice, or not at all, was said twice or lost on the way.
    private void CheckLines(Output output)
    {
        foreach (OutputLine line in output.Lines)
        {
            string[] parts = line.Text.Split('/');
            int number = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            int last = _lines.GetValueOrDefault(parts[0]);
            Require.That(number == last + 1, $"line {number} of session {parts[0]} came after line {last}");
            _lines[parts[0]] = number;
        }
    }

    private void CancelOne()
    {
        if (!IsDone)
        {
            long index = _world.Random.Next(_results.Count);
            _results.MayBeCancelled.Add(index);
            _script.CancelItem(index, force: _world.Random.Next(2) == 0);
            _world.Seen.Add(WireOccurrence.Cancelled);
            Pump();
        }
    }

    private void Finish()
    {
        IsDone = true;
        Require.That(_results.Answered == _results.Count, $"the job ended with {_results.Answered} of {_results.Count} items answered");
    }
}
