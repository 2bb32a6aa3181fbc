using System.Collections.Concurrent;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit.FakeCoordinators;
using Grpc.Core;

namespace Cluster.Unit.Client.Resume;

/// <summary>
/// A script for a job that is opened several times: each run echoes what it is told to and breaks, the last one echoes everything. Checks on the way that indices
/// are consecutive.
/// </summary>
internal sealed class Runs
{
    private readonly Queue<Func<Runs, FakeJob, Task>> _scripts;

    public Runs(params Func<Runs, FakeJob, Task>[] scripts)
    {
        _scripts = new Queue<Func<Runs, FakeJob, Task>>(scripts);
    }

    /// <summary>How often the job was opened.</summary>
    public int Opened { get; private set; }

    /// <summary>What each run was told to skip.</summary>
    public ConcurrentQueue<(int Run, SkipItems Items)> Skipped { get; } = new();

    /// <summary>What was wrong with the protocol; nothing.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>Echoes some items, then lets the connection break.</summary>
    public static Func<Runs, FakeJob, Task> BreakAfter(int items, bool reset = true, Func<ulong, bool>? answers = null) => async (runs, job) =>
    {
        await job.AcceptAsync();
        await runs.EchoAsync(job, answers ?? (_ => true), items);
        if (reset)
        {
            // What was answered last may be lost with it.
            job.Break();
        }

        throw new RpcException(new Status(StatusCode.Unavailable, "The coordinator is shutting down."));
    };

    public async Task RunAsync(FakeJob job)
    {
        Opened++;
        if (_scripts.TryDequeue(out var script))
        {
            await script(this, job);
            return;
        }

        await job.AcceptAsync();
        if (await EchoAsync(job, _ => true, int.MaxValue))
        {
            await job.EndAsync();
        }
    }

    /// <summary>Answers items one by one, in order.</summary>
    /// <returns>True: the inputs are at their end.</returns>
    public async Task<bool> EchoAsync(FakeJob job, Func<ulong, bool> answers, int most)
    {
        ulong next = 0;
        while (await job.ReadAsync() is { } request)
        {
            switch (request.RequestCase)
            {
                case RunRequest.RequestOneofCase.SkipItems:
                    Expect(request.SkipItems.First, ref next, request.SkipItems.Count);
                    Skipped.Enqueue((Opened, request.SkipItems));
                    break;
                case RunRequest.RequestOneofCase.Inputs:
                    most = await EchoAsync(job, request.Inputs, answers, most);
                    if (request.Inputs.FragmentOffset + (ulong)request.Inputs.Payload.Length >= request.Inputs.FragmentTotal)
                    {
                        Expect(request.Inputs.First, ref next, request.Inputs.Count);
                    }

                    break;
                case RunRequest.RequestOneofCase.EndInputs:
                    if (request.EndInputs.Count != next)
                    {
                        Violations.Enqueue($"run {Opened}: the end counts {request.EndInputs.Count} instead of {next}");
                    }

                    return true;
                case RunRequest.RequestOneofCase.CancelJob:
                    await job.EndAsync(new ErrorInfo { Kind = ErrorKind.Cancelled });
                    return false;
            }

            if (most == 0)
            {
                return false;
            }
        }

        return false;
    }

    private static async Task<int> EchoAsync(FakeJob job, Batch batch, Func<ulong, bool> answers, int most)
    {
        var slicer = new BatchSlicer(batch);
        for (var index = batch.First; index < batch.First + batch.Count && most > 0; index++)
        {
            if (answers(index))
            {
                await job.AnswerAsync(slicer.Slice(index, 1));
                most--;
            }
        }

        return most;
    }

    private void Expect(ulong first, ref ulong next, ulong count)
    {
        if (first != next)
        {
            Violations.Enqueue($"run {Opened}: item {first} came instead of {next}");
        }

        next = first + count;
    }
}
