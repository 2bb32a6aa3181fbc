using Cluster.Coordinator.Lambdas;
using Cluster.TestKit;
using Xunit;

namespace Cluster.Unit.Coordinator.Lambdas;

public sealed class SharedWorkTests
{
    private readonly SharedWork<int> _work = new();
    private readonly TaskCompletionSource<int> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_callers_are_one_piece_of_work()
    {
        var callers = Enumerable.Range(0, 50).Select(_ => _work.RunAsync("a", BeginAsync, Token)).ToArray();
        var other = _work.RunAsync("b", static _ => Task.FromResult(7), Token);
        Assert.Equal(7, await other.Within());
        _result.SetResult(42);
        Assert.All(await Task.WhenAll(callers).Within(), static result => Assert.Equal(42, result));
        Assert.Equal(1, _begun);
        Assert.Equal(42, await _work.RunAsync("a", BeginAsync, Token).Within());
        Assert.Equal(2, _begun);
    }

    [Fact]
    public async Task It_goes_on_for_as_long_as_one_waits()
    {
        using var first = new CancellationTokenSource();
        var leaving = _work.RunAsync("a", BeginAsync, first.Token);
        var staying = _work.RunAsync("a", BeginAsync, Token);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.Within());
        Assert.False(_cancelled.Task.IsCompleted);
        _result.SetResult(1);
        Assert.Equal(1, await staying.Within());
    }

    [Fact]
    public async Task It_ends_when_nobody_waits_and_begins_anew_for_the_next()
    {
        using var only = new CancellationTokenSource();
        var leaving = _work.RunAsync("a", BeginAsync, only.Token);
        await only.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.Within());
        await _cancelled.Task.Within();
        Assert.Equal(5, await _work.RunAsync("a", static _ => Task.FromResult(5), Token).Within());
    }

    [Fact]
    public async Task What_goes_wrong_reaches_everybody_and_is_tried_again()
    {
        var callers = Enumerable.Range(0, 5).Select(_ => _work.RunAsync("a", BeginAsync, Token)).ToArray();
        _result.SetException(new InvalidOperationException("no"));
        foreach (var caller in callers)
        {
            Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => caller.Within())).Message);
        }

        Assert.Equal(5, await _work.RunAsync("a", static _ => Task.FromResult(5), Token).Within());
    }

    private async Task<int> BeginAsync(CancellationToken ending)
    {
        Interlocked.Increment(ref _begun);
        try
        {
            return await _result.Task.WaitAsync(ending);
        }
        catch (OperationCanceledException)
        {
            _cancelled.SetResult();
            throw;
        }
    }
}
