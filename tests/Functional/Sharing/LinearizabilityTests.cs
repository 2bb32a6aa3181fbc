using System.Collections.Concurrent;
using Cluster.Client;
using Cluster.Functional.Tls;
using Cluster.TestKit.Linearizability;
using Cluster.TestKit.Network;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Sharing;

/// <summary>
/// Shared objects under many callers, while connections break or the coordinator is killed and started again on its journal: what the callers saw is what some order of
/// their calls would have shown. A failure says the seed and the smallest part that has no order.
/// </summary>
[Collection(nameof(Jobs.Alone))]
public sealed class LinearizabilityTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Callers = 8;
    private const int Capacity = 4;
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(2);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cluster-linearizability-");
    private readonly LinearizabilityChecker _checker = new();
    private CoordinatorProcess _coordinator = null!;
    private TcpFaultProxy _proxy = null!;

    /// <summary>How things go wrong, and with which seed.</summary>
    public static TheoryData<Fault, int> Runs => new() { { Fault.Break, 1 }, { Fault.Break, 2 }, { Fault.Kill, 3 } };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _coordinator = await StartAsync("http://127.0.0.1:0");
        // Long enough for replies to be lost on their way.
        _proxy = new TcpFaultProxy(_coordinator.Address) { Latency = TimeSpan.FromMilliseconds(3) };
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _coordinator.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_dictionary_has_one_order(Fault fault, int seed)
    {
        string[] keys = ["a", "b", "c"];
        var histories = keys.ToDictionary(static key => key, static _ => new HistoryRecorder<EntryCall, EntryResult>());
        var versions = new ConcurrentDictionary<string, long>();

        await RunAsync(fault, seed, steps: 60, async (caller, step) =>
        {
            var dictionary = caller.Client.Dictionary<string, long>("dictionary");
            var key = keys[caller.Random.Next(keys.Length)];
            var value = (caller.Number * 1000) + step;
            var call = caller.Random.Next(10) switch
            {
                < 3 => new EntryCall(EntryVerb.Get),
                3 => new EntryCall(EntryVerb.Set, value),
                < 7 => new EntryCall(EntryVerb.CompareAndSet, value, versions.GetValueOrDefault(key)),
                7 => new EntryCall(EntryVerb.Increment, value),
                8 => new EntryCall(EntryVerb.TryAdd, value),
                _ => new EntryCall(EntryVerb.Remove),
            };
            var result = await histories[key].RunAsync(caller.Number, call, () => EntryAsync(dictionary, key, call));
            versions[key] = result!.Version;
        });

        foreach (var key in keys)
        {
            Check(new EntryModel(), histories[key].Operations, $"seed {seed}, key {key}");
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_lock_has_one_owner_and_its_tokens_grow(Fault fault, int seed)
    {
        var history = new HistoryRecorder<long, long>();
        var inside = 0;
        await RunAsync(fault, seed, steps: 25, async (caller, _) =>
        {
            var gate = caller.Client.Lock("lock");
            var guarded = caller.Client.Dictionary<string, long>("guarded");
            LockLease? lease = null;
            var isPatient = caller.Random.Next(3) > 0;
            await history.RunAsync(caller.Number, LockModel.Acquire, async () =>
            {
                lease = isPatient ? await gate.AcquireAsync(cancellationToken: Token) : await gate.TryAcquireAsync(Token);
                return lease?.FencingToken ?? 0;
            });
            if (lease is not null)
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                await guarded.SetAsync("token", lease.FencingToken, new WriteOptions { Fence = lease }, Token);
                Assert.Equal(lease.FencingToken, await guarded.GetAsync("token", Token));
                Assert.False(lease.WasAbandoned);
                Interlocked.Decrement(ref inside);
                await history.RunAsync(caller.Number, lease.FencingToken, async () =>
                {
                    await lease.ReleaseAsync(Token);
                    return 0;
                });
            }
        });

        Check(new LockModel(), history.Operations, $"seed {seed}");
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task A_queue_gives_everything_once_and_in_its_order(Fault fault, int seed)
    {
        var history = new HistoryRecorder<int, int>();
        await RunAsync(fault, seed, steps: 40, async (caller, step) =>
        {
            var queue = caller.Client.Queue<int>("queue", Capacity);
            // As many put as get, so that nobody waits in the end.
            if (caller.Number % 2 == 0)
            {
                var item = (caller.Number * 1000) + step + 1;
                while (await history.RunAsync(caller.Number, item, () => PutAsync(queue, item, caller.Random.Next(3))) == 0)
                {
                    // There was no room.
                }
            }
            else
            {
                while (await history.RunAsync(caller.Number, QueueModel.Get, () => GetAsync(queue, caller.Random.Next(3))) == 0)
                {
                    // There was nothing.
                }
            }
        });

        Check(new QueueModel(Capacity), history.Operations, $"seed {seed}");
        var got = history.Operations.Where(static operation => operation.Call == QueueModel.Get && operation.Result != 0).Select(static operation => operation.Result);
        var put = history.Operations.Where(static operation => operation.Call != QueueModel.Get && operation.Result != 0).Select(static operation => operation.Call);
        Assert.Equal(put.Order(), got.Order());
    }

    private static async Task<EntryResult> EntryAsync(ClusterDictionary<string, long> dictionary, string key, EntryCall call)
    {
        switch (call.Verb)
        {
            case EntryVerb.Get:
                var (value, version) = await dictionary.GetEntryAsync(key, Token);
                return new EntryResult(version != 0, value, version);
            case EntryVerb.Set:
                return new EntryResult(true, 0, await dictionary.SetAsync(key, call.Value, cancellationToken: Token));
            case EntryVerb.CompareAndSet:
                var (done, current) = await dictionary.CompareAndSetAsync(key, call.Version, call.Value, cancellationToken: Token);
                return new EntryResult(done, 0, current);
            case EntryVerb.TryAdd:
                return new EntryResult(await dictionary.TryAddAsync(key, call.Value, cancellationToken: Token));
            case EntryVerb.Increment:
                return new EntryResult(true, await dictionary.IncrementAsync(key, call.Value, Token));
            default:
                return new EntryResult(await dictionary.RemoveAsync(key, cancellationToken: Token));
        }
    }

    private static async Task<int> PutAsync(ClusterQueue<int> queue, int item, int way)
    {
        try
        {
            if (way == 0)
            {
                return await queue.TryPutAsync(item, Token) ? item : 0;
            }

            await queue.PutAsync(item, way == 1 ? null : Instant, Token);
            return item;
        }
        catch (QueueFullException)
        {
            return 0;
        }
    }

    private static async Task<int> GetAsync(ClusterQueue<int> queue, int way)
    {
        try
        {
            return way == 0 ? (await queue.TryGetAsync(Token)).Item : await queue.GetAsync(way == 1 ? null : Instant, Token);
        }
        catch (QueueEmptyException)
        {
            return 0;
        }
    }

    private async Task RunAsync(Fault fault, int seed, int steps, Func<Caller, int, Task> step)
    {
        var (faultEvery, fail) = fault == Fault.Break ? (Callers * steps / 20, BreakAsync) : (Callers * steps / 4, (Func<Task>)KillAsync);
        output.WriteLine($"Seed {seed}.");
        var run = new CallersUnderFaults(_proxy.Address, seed, faultEvery, fail);
        await run.RunAsync(Callers, steps, step, Token);
        output.WriteLine($"{run.Faults} faults, {_proxy.Accepted} connections.");
        Assert.True(run.Faults >= 2, "Too little went wrong.");
        Assert.True(_proxy.Accepted > Callers / 2, "No connection broke.");
    }

    private Task BreakAsync()
    {
        _proxy.Reset();
        return Task.CompletedTask;
    }

    private async Task KillAsync()
    {
        Signals.Send(_coordinator.Id, Signals.Kill);
        await _coordinator.DisposeAsync();
        _coordinator = await StartAsync(_coordinator.Address);
    }

    private Task<CoordinatorProcess> StartAsync(string address) => CoordinatorProcess.StartAsync("--listen", address, "--data-dir", _data.FullName);

    private void Check<TState, TCall, TResult>(SequentialModel<TState, TCall, TResult> model, IReadOnlyCollection<Operation<TCall, TResult>> history, string what)
        where TState : IEquatable<TState>
    {
        var violation = _checker.Check(model, history);
        Assert.True(violation is null, $"In a history of {history.Count} calls, {what}: {violation}");
    }
}
