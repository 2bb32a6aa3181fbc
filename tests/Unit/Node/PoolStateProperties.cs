using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>
/// Whatever happens in whatever order, every chunk is answered exactly once, no two workers run it at a time, no worker holds more than it should,
/// and none is idle while work waits.
/// </summary>
public sealed class PoolStateProperties
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_chunk_is_answered_once_in_any_history(int threads)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            new History(new Random(seed), threads, seed).Play();
        }
    }

    private sealed class History(Random random, int threads, int seed)
    {
        private readonly PoolState _pool = new();
        private readonly List<JobState> _jobs = [];
        private readonly List<SimulatedWorker> _workers = [];
        private readonly List<ChunkState> _chunks = [];
        private readonly Dictionary<ChunkState, int> _answers = [];
        private readonly List<SimulatedWorker> _killed = [];
        private int _missing = 3;

        public void Play()
        {
            for (var step = 0; step < 300; step++)
            {
                Act(random.Next(19));
                BuryKilled();
                Check();
            }

            foreach (var job in _jobs)
            {
                Do(actions => _pool.JobReady(job, actions));
            }

            StartMissing();
            while (_chunks.Any(chunk => chunk.Phase != ChunkPhase.Ended))
            {
                DeliverAll();
                BuryKilled();
                StartMissing();
                DeliverAll();
                CheckNobodyIdles();
                Assert.True(_workers.Any(worker => worker.Running.Any()), $"Seed {seed}: chunks wait for ever.");
                _workers.First(worker => worker.Running.Any()).Finish(random);
                DeliverAll();
                Check();
            }

            Assert.All(_chunks, chunk => Assert.Equal(chunk.IsAbandoned ? 0 : 1, _answers.GetValueOrDefault(chunk)));
            Assert.Equal((0, 0), (_pool.RunningCount, _pool.WaitingCount));
        }

        private void Act(int choice)
        {
            switch (choice)
            {
                case 0:
                    _jobs.Add(new JobState());
                    break;
                case 1 when Pick(_jobs) is { } job:
                    Do(actions => _pool.JobReady(job, actions));
                    break;
                case 2 when random.Next(5) == 0 && Pick(_jobs) is { } job:
                    Do(actions => _pool.JobFailed(job, actions));
                    break;
                case 3 when random.Next(5) == 0 && Pick(_jobs) is { } job:
                    Do(actions => _pool.CloseJob(job, actions));
                    break;
                case 4:
                    StartMissing();
                    break;
                case 5 when random.Next(3) == 0 && Pick(_workers) is { } worker:
                    Lose(worker);
                    break;
                case 6 when Pick(_chunks) is { } chunk:
                    Do(actions => _pool.Cancel(chunk, actions));
                    break;
                case 14 when Pick(_chunks) is { } chunk:
                    Do(actions => _pool.Withdraw(chunk, actions));
                    break;
                case 15 when random.Next(8) == 0 && Pick(_chunks) is { IsCancelled: true } chunk:
                    Do(actions => _pool.GraceOver(chunk, actions));
                    break;
                case 7 when random.Next(8) == 0 && Pick(_chunks) is { Phase: not ChunkPhase.Ended } chunk:
                    Do(actions => _pool.Abandon([chunk], actions));
                    break;
                case 8 or 9 when Pick(_workers) is { HasMail: true } worker:
                    worker.Read();
                    break;
                case 10 or 11 when Pick(_workers) is { HasNews: true } worker:
                    Hear(worker);
                    break;
                case 12 or 13 when Pick(_workers) is { } worker:
                    worker.Finish(random);
                    break;
                default:
                    if (Pick(_jobs) is { } owner)
                    {
                        var chunk = new ChunkState(owner) { IsComplete = random.Next(4) > 0, IsAlone = random.Next(4) == 0 };
                        _chunks.Add(chunk);
                        Do(actions => _pool.ChunkArrived(chunk, actions));
                    }

                    break;
            }
        }

        private void Check()
        {
            Assert.All(_workers, worker => Assert.True(worker.State.Running.Count <= 2 * threads && worker.State.Held <= 2 * threads, $"Seed {seed}: a worker has too many chunks."));
            Assert.Equal(_chunks.Count(chunk => chunk.Phase == ChunkPhase.Running), _pool.RunningCount);
            Assert.Equal(_chunks.Count(chunk => chunk.Phase is ChunkPhase.WaitsForCode or ChunkPhase.WaitsForWorker or ChunkPhase.Ahead), _pool.WaitingCount);
            var running = _workers.SelectMany(worker => worker.Running).ToArray();
            Assert.True(running.Distinct().Count() == running.Length, $"Seed {seed}: a chunk runs twice at a time.");
            Assert.False(
                _workers.Any(worker => worker.State.HasRoom) && _chunks.Any(chunk => chunk is { Phase: ChunkPhase.WaitsForWorker, IsAlone: false }),
                $"Seed {seed}: a chunk waits although a worker has room.");
            Assert.False(
                _workers.Any(worker => worker.State is { IsReady: true, Held: 0 }) && _chunks.Any(chunk => chunk.Phase == ChunkPhase.WaitsForWorker),
                $"Seed {seed}: a chunk waits although a worker has nothing.");
            Assert.All(_workers, worker => Assert.True(
                worker.State.Held <= 1 || !worker.State.Running.Concat(worker.State.Ahead).Any(chunk => chunk.IsAlone), $"Seed {seed}: a chunk has no worker for itself."));
            Assert.True(
                _workers.Count(worker => worker.State.IsReserved) <= (_chunks.Any(chunk => chunk is { Phase: ChunkPhase.WaitsForWorker, IsAlone: true }) ? 1 : 0),
                $"Seed {seed}: workers are held back for nobody.");
        }

        /// <summary>When all has been said, pool and workers agree, and what could run does.</summary>
        private void CheckNobodyIdles()
        {
            Assert.All(_workers, worker => Assert.Equivalent(worker.Running, worker.State.Running, strict: true));
            Assert.False(
                _workers.Any(worker => worker.State is { HasFreeThread: true, IsOpen: true }) && _chunks.Any(chunk => chunk is { Phase: ChunkPhase.Ahead, IsComplete: true, IsCancelled: false }),
                $"Seed {seed}: a chunk waits in one worker although another is free.");
        }

        private void DeliverAll()
        {
            while (_workers.FirstOrDefault(worker => worker.HasMail || worker.HasNews) is { } worker)
            {
                if (worker.HasMail)
                {
                    worker.Read();
                }
                else
                {
                    Hear(worker);
                }
            }
        }

        private void StartMissing()
        {
            for (; _missing > 0; _missing--)
            {
                var worker = new SimulatedWorker(threads);
                _workers.Add(worker);
                _pool.AddWorker(worker.State);
                Do(actions => _pool.WorkerReady(worker.State, actions));
            }
        }

        private void BuryKilled()
        {
            foreach (var worker in _killed.Where(_workers.Contains).ToArray())
            {
                Lose(worker);
            }

            _killed.Clear();
        }

        private void Lose(SimulatedWorker worker)
        {
            // Some of its last words get through.
            while (worker.HasNews && random.Next(3) > 0)
            {
                Hear(worker);
            }

            if (random.Next(2) == 0)
            {
                Do(actions => _pool.WorkerEnding(worker.State, actions));
            }

            _workers.Remove(worker);
            Do(actions => _pool.WorkerLost(worker.State, actions));
        }

        private void Hear(SimulatedWorker worker)
        {
            var before = _chunks.Where(chunk => chunk.Phase != ChunkPhase.Ended).ToArray();
            var byPool = new Dictionary<ChunkState, int>(_answers);
            Do(actions => worker.Speak()(_pool, actions));

            // What ended without a word of the pool's was ended by the worker's.
            foreach (var chunk in before.Where(chunk => chunk is { Phase: ChunkPhase.Ended, IsAbandoned: false } && byPool.GetValueOrDefault(chunk) == _answers.GetValueOrDefault(chunk)))
            {
                Answer(chunk);
            }
        }

        private void Do(Action<List<PoolAction>> step)
        {
            var actions = new List<PoolAction>();
            step(actions);
            foreach (var action in actions)
            {
                switch (action.Kind)
                {
                    case PoolActionKind.EndCancelled or PoolActionKind.EndWorkerLost or PoolActionKind.EndCodeFailed:
                        Answer(action.Chunk!);
                        break;
                    case PoolActionKind.StartWorker:
                        _missing++;
                        break;
                    case PoolActionKind.KillWorker:
                        _killed.Add(_workers.Single(worker => worker.State == action.Worker));
                        break;
                    case PoolActionKind.Send or PoolActionKind.Recall or PoolActionKind.CancelAtWorker:
                        _workers.Single(worker => worker.State == action.Worker).Tell(action);
                        break;
                    default:
                        break;
                }
            }
        }

        private void Answer(ChunkState chunk) => _answers[chunk] = _answers.GetValueOrDefault(chunk) + 1;

        private T? Pick<T>(List<T> from)
            where T : class => from.Count == 0 ? null : from[random.Next(from.Count)];
    }
}
