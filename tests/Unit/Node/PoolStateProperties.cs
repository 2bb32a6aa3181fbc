using Cluster.Node.Workers.Assignment;
using Xunit;

namespace Cluster.Unit.Node;

/// <summary>Whatever happens in whatever order, every chunk is answered exactly once and no worker holds more than it can run.</summary>
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
            new History(new Random(seed), threads).Play(seed);
        }
    }

    private sealed class History(Random random, int threads)
    {
        private readonly PoolState _pool = new();
        private readonly List<JobState> _jobs = [];
        private readonly List<WorkerState> _workers = [];
        private readonly List<ChunkState> _chunks = [];
        private readonly Dictionary<ChunkState, int> _answers = [];
        private int _missing = 3;

        public void Play(int seed)
        {
            for (var step = 0; step < 200; step++)
            {
                Act(random.Next(10));
                Check(seed);
            }

            foreach (var job in _jobs)
            {
                Do(actions => _pool.JobReady(job, actions));
            }

            while (_chunks.Any(chunk => chunk.Phase != ChunkPhase.Ended))
            {
                StartMissing();
                Ready();
                var running = _chunks.FirstOrDefault(chunk => chunk.Phase == ChunkPhase.Running);
                Assert.True(running is not null, $"Seed {seed}: chunks wait while workers are free.");
                EndByWorker(running);
                Check(seed);
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
                    Ready();
                    break;
                case 5 when random.Next(3) == 0 && Pick(_workers) is { } worker:
                    _workers.Remove(worker);
                    Do(actions => _pool.WorkerLost(worker, actions));
                    break;
                case 6 when Pick(_chunks) is { } chunk:
                    Do(actions => _pool.Cancel(chunk, actions));
                    break;
                case 7 when Pick(_chunks) is { Phase: ChunkPhase.Running } chunk:
                    EndByWorker(chunk);
                    break;
                case 8 when random.Next(8) == 0 && Pick(_chunks) is { Phase: not ChunkPhase.Ended } chunk:
                    Do(actions => _pool.Abandon([chunk], actions));
                    break;
                default:
                    if (Pick(_jobs) is { } owner)
                    {
                        var chunk = new ChunkState(owner);
                        _chunks.Add(chunk);
                        Do(actions => _pool.ChunkArrived(chunk, actions));
                    }

                    break;
            }
        }

        private void Check(int seed)
        {
            Assert.All(_workers, worker => Assert.True(worker.Running.Count <= worker.Threads, $"Seed {seed}: a worker has too many chunks."));
            Assert.Equal(_chunks.Count(chunk => chunk.Phase == ChunkPhase.Running), _pool.RunningCount);
            Assert.Equal(_chunks.Count(chunk => chunk.Phase is ChunkPhase.WaitsForCode or ChunkPhase.WaitsForWorker), _pool.WaitingCount);
            Assert.False(
                _workers.Any(worker => worker.HasFreeThread) && _chunks.Any(chunk => chunk.Phase == ChunkPhase.WaitsForWorker),
                $"Seed {seed}: a chunk waits although a worker is free.");
        }

        private void StartMissing()
        {
            for (; _missing > 0; _missing--)
            {
                var worker = new WorkerState(threads);
                _workers.Add(worker);
                _pool.AddWorker(worker);
            }
        }

        private void Ready()
        {
            foreach (var worker in _workers.Where(worker => !worker.IsReady).ToArray())
            {
                Do(actions => _pool.WorkerReady(worker, actions));
            }
        }

        private void EndByWorker(ChunkState chunk)
        {
            if (!chunk.IsAbandoned)
            {
                Answer(chunk);
            }

            Do(actions => _pool.ChunkEnded(chunk, actions));
        }

        private void Do(Action<List<PoolAction>> step)
        {
            var actions = new List<PoolAction>();
            step(actions);
            foreach (var action in actions)
            {
                if (action.Kind is PoolActionKind.EndCancelled or PoolActionKind.EndWorkerLost or PoolActionKind.EndCodeFailed)
                {
                    Answer(action.Chunk!);
                }
                else if (action.Kind == PoolActionKind.StartWorker)
                {
                    _missing++;
                }
            }
        }

        private void Answer(ChunkState chunk) => _answers[chunk] = _answers.GetValueOrDefault(chunk) + 1;

        private T? Pick<T>(List<T> from)
            where T : class => from.Count == 0 ? null : from[random.Next(from.Count)];
    }
}
