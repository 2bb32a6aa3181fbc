using Grpc.Net.Client.Calls;
using Grpc.Wire;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class RequestPumpTests : IDisposable
{
    private readonly HeldStream _stream = new();
    private readonly RequestPump _pump = new(TestContext.Current.CancellationToken);

    [Fact]
    public async Task The_first_message_goes_at_once_and_those_behind_it_together()
    {
        Task<bool> done = _pump.RunAsync(_stream);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(await WriteAsync(10));
        }

        Assert.Equal([10], _stream.Writes);
        _pump.Complete();
        _stream.LetGo(2);
        Assert.True(await done);
        Assert.Equal([10, 990], _stream.Writes);
    }

    [Fact]
    public async Task A_writer_waits_when_a_batch_is_full_and_another_in_flight()
    {
        Task<bool> done = _pump.RunAsync(_stream);
        Assert.True(await WriteAsync(10));
        Assert.True(await WriteAsync(RequestPump.GatherLimit - 1));
        Task<bool> waiting = WriteAsync(1);
        Assert.False(waiting.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => { _ = WriteAsync(1); });
        _stream.LetGo(1);
        Assert.True(await waiting);
        _pump.Complete();
        _stream.LetGo(1);
        Assert.True(await done);
        Assert.Equal([10, RequestPump.GatherLimit], _stream.Writes);
    }

    [Fact]
    public async Task What_is_written_before_there_is_a_connection_goes_when_there_is()
    {
        Assert.True(await WriteAsync(5));
        _pump.Complete();
        _stream.LetGo(1);
        Assert.True(await _pump.RunAsync(_stream));
        Assert.Equal([5], _stream.Writes);
        Assert.Throws<InvalidOperationException>(() => { _ = WriteAsync(1); });
    }

    [Fact]
    public async Task A_hint_lets_a_message_wait_for_the_next_one()
    {
        Task<bool> done = _pump.RunAsync(_stream);
        Assert.True(await WriteAsync(3, mayWait: true));
        Assert.Empty(_stream.Writes);
        Assert.True(await WriteAsync(4));
        Assert.Equal([7], _stream.Writes);
        _pump.Complete();
        _stream.LetGo(1);
        Assert.True(await done);
    }

    [Fact]
    public async Task The_end_of_the_call_fails_the_waiting_writer_and_those_after_it()
    {
        Task<bool> done = _pump.RunAsync(_stream);
        Assert.True(await WriteAsync(10));
        Assert.True(await WriteAsync(RequestPump.GatherLimit - 1));
        Task<bool> waiting = WriteAsync(1);
        _pump.End();
        Assert.False(await waiting);
        Assert.False(await done);
        Assert.False(await WriteAsync(1));
        _stream.LetGo(1);
    }

    [Fact]
    public async Task A_message_that_cannot_be_serialized_leaves_nothing_behind()
    {
        Task<bool> done = _pump.RunAsync(_stream);
        Assert.Throws<FormatException>(() =>
        {
            _ = _pump.WriteAsync<int>(
                static (buffer, _) =>
                {
                    buffer.Advance(buffer.GetSpan(8)[..3].Length);
                    throw new FormatException();
                },
                0,
                mayWait: false);
        });
        Assert.True(await WriteAsync(4));
        _pump.Complete();
        _stream.LetGo(1);
        Assert.True(await done);
        Assert.Equal([4], _stream.Writes);
    }

    public void Dispose() => _stream.Dispose();

    private Task<bool> WriteAsync(int size, bool mayWait = false) => _pump.WriteAsync(
        static (PooledBuffer buffer, int count) =>
        {
            buffer.GetSpan(count);
            buffer.Advance(count);
        },
        size,
        mayWait);
}
