using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Cluster.Node.Workers.Assignment;
using Cluster.Node.Workers.Processes;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Functional.Node;

/// <summary>Workers that die, chunks that do not stop, sessions that break.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    private readonly NodeUnderTest _node = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task A_worker_that_exits_is_reported_and_replaced()
    {
        var job = _node.OpenJob<int>(nameof(Work.ExitAt3));
        var ended = await _node.EndOfAsync(_node.Run(job, 3), Token);

        Assert.Equal(ChunkEnd.WorkerLost, ended.End);
        Assert.Equal(ErrorKind.WorkerLost, ended.Error.Kind);
        Assert.Equal(7, ended.Error.ExitCode);
        Assert.False(ended.Error.HasSignal);
        Assert.Contains("I am about to leave", ended.Error.StderrTail, StringComparison.Ordinal);
        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(_node.Run(job, 4), Token)).End);
    }

    [Theory]
    [InlineData(nameof(Work.KillAt3), 3, 9)]
    [InlineData(nameof(Work.Overflow), 3, 6)]
    public async Task A_worker_that_is_killed_is_reported_with_its_signal(string method, int item, int signal)
    {
        var ended = await _node.EndOfAsync(_node.Run(_node.OpenJob<int>(method), item), Token);

        Assert.Equal(ChunkEnd.WorkerLost, ended.End);
        Assert.Equal(signal, ended.Error.Signal);
        Assert.False(ended.Error.HasExitCode);
        Assert.NotEqual(0, ended.Error.WorkerPid);
    }

    [Fact]
    public async Task A_worker_that_had_several_chunks_is_reported_as_shared_by_each_of_them()
    {
        await using var node = new NodeUnderTest(threads: 2);
        var neighbour = node.Run(node.OpenJob<int>(nameof(Work.ForEver)), 0);
        await node.Said.WaitAsync(all => all.Any(message => message.ChunkStarted?.ChunkId == neighbour), Token);
        var job = node.OpenJob<int>(nameof(Work.ExitAt3));
        ChunkEnded[] ended = [await node.EndOfAsync(node.Run(job, 3), Token), await node.EndOfAsync(neighbour, Token)];

        Assert.All(ended, chunk => Assert.Equal((ChunkEnd.WorkerLost, true), (chunk.End, chunk.Shared)));
        var alone = await node.EndOfAsync(node.Run(job, 3), Token);
        Assert.Equal((ChunkEnd.WorkerLost, false), (alone.End, alone.Shared));
    }

    [Fact]
    public async Task A_chunk_that_is_to_be_alone_waits_for_a_worker_that_has_nothing_else()
    {
        await using var node = new NodeUnderTest(threads: 2);
        var running = node.Run(node.OpenJob<int>(nameof(Work.UntilCancelled)), 0);
        await node.Said.WaitAsync(all => all.Any(message => message.ChunkStarted?.ChunkId == running), Token);
        var job = node.OpenJob<int>(nameof(Work.Square));
        Assert.Equal(ChunkEnd.Done, (await node.EndOfAsync(node.Run(job, 2), Token)).End);

        // A thread is free, and the code is there.
        var alone = node.Run(job, 0, [3], alone: true);
        node.Cancel(running, TimeSpan.FromMinutes(1));

        Assert.Equal(ChunkEnd.Done, (await node.EndOfAsync(alone, Token)).End);
        var order = node.Said.Messages.Where(message => message.ChunkStarted?.ChunkId == alone || message.ChunkEnded?.ChunkId == running);
        Assert.Equal([NodeMessage.MessageOneofCase.ChunkEnded, NodeMessage.MessageOneofCase.ChunkStarted], order.Select(message => message.MessageCase));
    }

    [Theory]
    [InlineData(100L, 5_000_000L, 151L, 100L, false, "a worker may have 0 MiB here (--worker-memory)")]
    [InlineData(null, 200L << 20, 191L << 20, 200L << 20, true, "the node's workers together had 191 MiB of the 200 MiB of memory that it may use")]
    public async Task A_worker_that_is_ended_for_its_memory_is_reported_with_the_limit(
        long? workerLimit, long nodeLimit, long bytes, long limit, bool isTransient, string expected)
    {
        var chunk = await StartAsync(nameof(Work.ForEver));
        _node.Measure(new MemoryLadder(workerLimit, nodeLimit), bytes);
        var ended = await _node.EndOfAsync(chunk, Token);

        Assert.Equal((ChunkEnd.OutOfMemory, ErrorKind.OutOfMemory), (ended.End, ended.Error.Kind));
        Assert.Equal(((ulong)limit, (ulong)bytes), (ended.Error.MemoryLimit, ended.Error.MemoryUsed));
        Assert.Equal(("test-node", isTransient), (ended.Error.Node, ended.Error.Transient));
        Assert.Contains(expected, ended.Error.Message, StringComparison.Ordinal);
        Assert.Contains($"The worker process {ended.Error.WorkerPid} on node test-node was ended", ended.Error.Message, StringComparison.Ordinal);
        AssertGone(ended.Error.WorkerPid);
        Assert.NotEqual(ended.Error.WorkerPid, await PidAsync());
    }

    [Fact]
    public async Task A_running_chunk_that_heeds_its_token_is_cancelled_and_the_worker_lives_on()
    {
        var pid = await PidAsync();
        var chunk = await StartAsync(nameof(Work.UntilCancelled));
        _node.Cancel(chunk, TimeSpan.FromMinutes(1));

        Assert.Equal(ChunkEnd.Cancelled, (await _node.EndOfAsync(chunk, Token)).End);
        Assert.Equal(pid, await PidAsync());
    }

    [Fact]
    public async Task A_running_chunk_that_does_not_heed_its_token_costs_the_worker()
    {
        var pid = await PidAsync();
        var chunk = await StartAsync(nameof(Work.ForEver));
        _node.Cancel(chunk, Grace);

        Assert.Equal(ChunkEnd.Cancelled, (await _node.EndOfAsync(chunk, Token)).End);
        Assert.NotEqual(pid, await PidAsync());
        AssertGone(pid);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_worker_that_is_killed_leaves_none_of_the_runtimes_files(bool byNode)
    {
        var pid = await PidAsync();
        var startTime = DiagnosticFiles.StartTime(await File.ReadAllTextAsync($"/proc/{pid}/stat", Token));
        var names = DiagnosticFiles.Names(pid, startTime);
        Assert.All(RuntimeFiles(pid).Where(file => file.Contains(startTime, StringComparison.Ordinal)), file => Assert.Contains(file, names));

        // Whoever had this id before may have left some.
        string[] others = [.. RuntimeFiles(pid).Except(names)];
        var socket = Path.Combine(Path.GetTempPath(), names[^1]);
        var elsewhere = Path.Combine(Path.GetTempPath(), DiagnosticFiles.Names(pid, "0")[^1]);
        try
        {
            // Which files there are is up to the runtime's settings; one there is for sure, and one of a process with the same id somewhere else.
            await File.WriteAllTextAsync(socket, "", Token);
            await File.WriteAllTextAsync(elsewhere, "", Token);
            var chunk = byNode ? await StartAsync(nameof(Work.ForEver)) : _node.Run(_node.OpenJob<int>(nameof(Work.KillAt3)), 3);
            if (byNode)
            {
                _node.Cancel(chunk, Grace);
            }

            Assert.Equal(byNode ? ChunkEnd.Cancelled : ChunkEnd.WorkerLost, (await _node.EndOfAsync(chunk, Token)).End);
            Assert.Equivalent(others.Append(Path.GetFileName(elsewhere)), RuntimeFiles(pid), strict: true);
        }
        finally
        {
            File.Delete(socket);
            File.Delete(elsewhere);
        }
    }

    [Fact]
    public async Task A_waiting_chunk_is_dropped_without_a_word_to_the_worker()
    {
        var running = await StartAsync(nameof(Work.UntilCancelled));
        var waiting = _node.Run(_node.OpenJob<int>(nameof(Work.Square)), 1);
        Assert.Equal(1u, _node.Status.Waiting);
        _node.Cancel(waiting, Grace);

        var ended = await _node.EndOfAsync(waiting, Token);
        Assert.Equal(ChunkEnd.Cancelled, ended.End);
        Assert.DoesNotContain(_node.Said.Messages, message => message.ChunkStarted?.ChunkId == waiting);
        Assert.DoesNotContain(_node.Said.Messages, message => message.ChunkEnded?.ChunkId == running);
    }

    [Fact]
    public async Task Work_of_a_lost_session_is_abandoned()
    {
        var pid = await PidAsync();
        var chunk = await StartAsync(nameof(Work.ForEver));
        _node.LoseSession();

        await WaitForEndAsync(pid);
        Assert.DoesNotContain(_node.Said.Messages, message => message.ChunkEnded?.ChunkId == chunk);
    }

    [Fact]
    public async Task Code_that_cannot_be_had_fails_the_chunk_with_file_and_reason()
    {
        await using var node = new NodeUnderTest(brokenDownload: "the disk is full");
        var ended = await node.EndOfAsync(node.Run(node.OpenJob<int>(nameof(Work.Square)), 1), Token);

        Assert.Equal(ChunkEnd.CodeFailed, ended.End);
        Assert.Contains("Cluster.Functional.Tests", ended.Error.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", ended.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_node_ends_its_workers()
    {
        var node = new NodeUnderTest();
        var chunk = node.Run(node.OpenJob<int>(nameof(Work.Pid)), 0);
        await node.EndOfAsync(chunk, Token);
        var pid = node.ResultsOf<int>(chunk)[0];
        await node.DisposeAsync();

        AssertGone(pid);
    }

    [Fact]
    public async Task A_node_that_is_slow_to_send_stops_its_workers_and_loses_nothing()
    {
        await using var node = new NodeUnderTest(outboxBytes: 1 << 20);
        var network = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Said.Gate = network.Task;
        var items = Enumerable.Repeat(1 << 20, 64).ToArray();
        var chunk = node.Run(node.OpenJob<int>(nameof(Work.Zeros)), items);
        await node.WaitForFullOutboxAsync(Token);
        network.SetResult();

        await node.EndOfAsync(chunk, Token);
        Assert.Equal(items.Length, node.BatchesOf(chunk).Sum(batch => (long)batch.Payload.Length) / (1 << 20));
    }

    private async Task<int> PidAsync()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.Pid)), 0);
        await _node.EndOfAsync(chunk, Token);
        return _node.ResultsOf<int>(chunk)[0];
    }

    private async Task<ulong> StartAsync(string method)
    {
        var chunk = _node.Run(_node.OpenJob<int>(method), 0);
        await _node.Said.WaitAsync(all => all.Any(message => message.ChunkStarted?.ChunkId == chunk), Token);
        return chunk;
    }

    private static IEnumerable<string> RuntimeFiles(int pid) => new[] { $"clr-debug-pipe-{pid}-*", $"dotnet-diagnostic-{pid}-*" }
        .SelectMany(pattern => Directory.EnumerateFileSystemEntries(Path.GetTempPath(), pattern)).Select(path => Path.GetFileName(path));

    private static async Task WaitForEndAsync(int pid)
    {
        if (TryFind(pid, out var process))
        {
            using (process)
            {
                await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
            }
        }
    }

    private static void AssertGone(int pid) => Assert.False(TryFind(pid, out _), $"Worker {pid} is still there.");

    private static bool TryFind(int pid, [NotNullWhen(true)] out Process? process)
    {
        try
        {
            process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            process = null;
            return false;
        }
    }
}
