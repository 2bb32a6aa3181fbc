using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Functional.Node;

/// <summary>Chunks through a node and a real worker process.</summary>
public sealed class ChunkTests : IAsyncLifetime
{
    private readonly NodeUnderTest _node = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Items_of_a_fixed_size_come_back_in_place()
    {
        var items = Enumerable.Range(0, 100_000).ToArray();
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.Square)), items);

        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(chunk, Token)).End);
        Assert.Equal(items.Select(item => item * item), _node.ResultsOf<int>(chunk).Values);
        Assert.Contains(_node.Said.Messages, message => message.ChunkStarted?.ChunkId == chunk);
    }

    [Fact]
    public async Task Text_and_asynchronous_functions_work_too()
    {
        var text = _node.Run(_node.OpenJob<string>(nameof(Work.Shout)), "a", "b");
        var later = _node.Run(_node.OpenJob<int>(nameof(Work.SquareLaterAsync)), 2, 3, 4);

        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(text, Token)).End);
        Assert.Equal("AB", string.Concat(_node.BatchesOf(text).Select(batch => batch.Payload.ToStringUtf8())));
        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(later, Token)).End);
        Assert.Equal([4, 9, 16], _node.ResultsOf<int>(later).Values);
    }

    [Fact]
    public async Task A_failing_item_costs_only_itself()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.Invert)), 1, 0, 2);

        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(chunk, Token)).End);
        Assert.Equal(new Dictionary<ulong, int> { [0] = 100, [2] = 50 }, _node.ResultsOf<int>(chunk));
        var failure = Assert.Single(_node.FailuresOf(chunk));
        Assert.Equal(1ul, failure.Index);
        Assert.Equal(ErrorKind.User, failure.Error.Kind);
        Assert.Equal(typeof(DivideByZeroException).FullName, failure.Error.Type);
        Assert.Equal("test-node", failure.Error.Node);
        Assert.Equal(1u, failure.Error.Attempt);
        Assert.Contains(nameof(Work.Invert), failure.Error.Stack, StringComparison.Ordinal);
        Assert.DoesNotContain("Cluster.Worker", failure.Error.Stack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_items_pass_as_fragments_both_ways()
    {
        const int Size = 5_000_000;
        var there = _node.Run<byte[]>(_node.OpenJob<byte[]>(nameof(Work.Length)), new byte[Size], new byte[3]);
        var back = _node.Run(_node.OpenJob<int>(nameof(Work.Zeros)), Size);

        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(there, Token)).End);
        Assert.Equal([Size, 3], _node.ResultsOf<int>(there).Values);
        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(back, Token)).End);
        var fragments = _node.BatchesOf(back).ToArray();
        Assert.All(fragments, fragment => Assert.Equal((ulong)Size, fragment.FragmentTotal));
        Assert.Equal(Size, fragments.Sum(fragment => fragment.Payload.Length));
    }

    [Fact]
    public async Task What_is_done_does_not_wait_for_an_item_that_takes_for_ever()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.QuickThenForEver)), 0, 1, 2, 3, 4);

        await _node.Said.WaitAsync(_ => _node.ResultsOf<int>(chunk).Count == 3, Token);
        Assert.DoesNotContain(_node.Said.Messages, message => message.ChunkEnded is not null);
    }

    [Fact]
    public async Task Lines_arrive_before_the_results_of_their_item()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.Print), spec => spec.WantOutput = true), 7, 8);

        await _node.EndOfAsync(chunk, Token);
        var lines = _node.LinesOf(chunk).ToArray();
        Assert.Equal(["out 7", "error 7", "half 7", "out 8", "error 8", "half 8"], lines.Select(line => line.Text));
        Assert.Equal([false, true, false, false, true, false], lines.Select(line => line.Error));
        Assert.Equal([0ul, 0, 0, 1, 1, 1], lines.Select(line => line.Index));
        var messages = _node.Said.Messages.ToList();
        Assert.True(messages.FindIndex(message => message.ChunkOutput is not null) < messages.FindIndex(message => message.ChunkResults is not null));
    }

    [Fact]
    public async Task Lines_that_bypass_the_console_reach_the_reader_of_the_chunk_that_runs()
    {
        var native = _node.OpenJob<int>(nameof(Work.PrintNatively), spec => spec.WantOutput = true);
        var chunk = _node.Run(native, Enumerable.Range(0, 20).ToArray());

        await _node.EndOfAsync(chunk, Token);
        Assert.Contains(_node.LinesOf(chunk), line => line is { Text: "native", Error: false });
        Assert.Contains(_node.LinesOf(chunk), line => line is { Text: "alarm", Error: true });
    }

    [Fact]
    public async Task A_flood_of_lines_arrives_in_order()
    {
        const int Count = 50_000;
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.Flood), spec => spec.WantOutput = true), Count);

        await _node.EndOfAsync(chunk, Token);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), _node.LinesOf(chunk).Select(line => line.Text));
    }

    [Fact]
    public async Task Nobody_pays_for_lines_that_nobody_reads()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.Flood)), 1000);

        await _node.EndOfAsync(chunk, Token);
        Assert.Empty(_node.LinesOf(chunk));
    }

    [Fact]
    public async Task The_task_knows_its_context()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.IndexAndAttempt)), 40, [0, 0]);

        await _node.EndOfAsync(chunk, Token);
        Assert.Equal([401L, 411L], _node.ResultsOf<long>(chunk).Values);
    }

    [Fact]
    public async Task A_method_that_is_not_there_fails_the_chunk_with_the_names_that_are()
    {
        var ended = await _node.EndOfAsync(_node.Run(_node.OpenJob<int>("Sqare"), 1), Token);

        Assert.Equal(ChunkEnd.CodeFailed, ended.End);
        Assert.Equal(ErrorKind.Code, ended.Error.Kind);
        Assert.Contains("Square", ended.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_of_the_wrong_size_are_refused_with_the_parameter_type()
    {
        var ended = await _node.EndOfAsync(_node.Run(_node.OpenJob<long>(nameof(Work.Square)), 1L), Token);

        Assert.Equal(ChunkEnd.CodeFailed, ended.End);
        Assert.Equal(ErrorKind.Argument, ended.Error.Kind);
        Assert.Contains("Int32", ended.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_whose_message_throws_is_survived()
    {
        var chunk = _node.Run(_node.OpenJob<int>(nameof(Work.ThrowStrange)), 1);

        Assert.Equal(ChunkEnd.Done, (await _node.EndOfAsync(chunk, Token)).End);
        Assert.Contains("threw InvalidOperationException", Assert.Single(_node.FailuresOf(chunk)).Error.Message, StringComparison.Ordinal);
    }
}
