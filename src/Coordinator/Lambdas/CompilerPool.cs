using System.Globalization;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Lambdas;

/// <summary>
/// Compilers: started when they are needed, so many at most, one text each at a time, and ended when they have had no work for a while. One that was too slow, or died, is replaced; the texts of others are
/// not affected.
/// </summary>
internal sealed class CompilerPool : IAsyncDisposable
{
    private readonly Func<CompilerCommand> _command;
    private readonly LambdaOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _gate = new();
    private readonly Stack<CompilerProcess> _idle = [];
    private readonly ITimer _timer;
    private int _waiting;
    private bool _disposed;

    /// <param name="command">Finds the program.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock of the limits.</param>
    public CompilerPool(Func<CompilerCommand> command, LambdaOptions options, TimeProvider time)
    {
        (_command, _options, _time) = (command, options, time);
        _slots = new SemaphoreSlim(options.MaxCompilers, options.MaxCompilers);
        _timer = time.CreateTimer(_ => _ = EndIdleAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Process ids of the compilers without work.</summary>
    public IReadOnlyList<int> Idle
    {
        get
        {
            lock (_gate)
            {
                return [.. _idle.Select(static compiler => compiler.Id)];
            }
        }
    }

    /// <summary>Compiles a text.</summary>
    /// <exception cref="CompilersBusyException">Too many texts wait already.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="CompilerEndedException">The compiler could not cope with it.</exception>
    /// <exception cref="CompilerUnavailableException">There is no compiler.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async Task<CompileReply> CompileAsync(CompileRequest request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting + _options.MaxCompilers)
        {
            Interlocked.Decrement(ref _waiting);
            throw new CompilersBusyException(string.Create(CultureInfo.InvariantCulture, $"{_options.MaxWaiting} lambdas wait to be compiled already. Try again in a moment."));
        }

        try
        {
            await _slots.WaitAsync(cancellationToken);
            try
            {
                return await CompileNowAsync(request, cancellationToken);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Ends the compilers without work. Those with work end with it.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        await _timer.DisposeAsync();
        foreach (var compiler in TakeIdle(static _ => true))
        {
            await compiler.DisposeAsync();
        }
    }

    private async Task<CompileReply> CompileNowAsync(CompileRequest request, CancellationToken cancellationToken)
    {
        var compiler = await TakeIdleAsync() ?? await StartAsync(cancellationToken);
        try
        {
            var reply = await WithinAsync(_options.Timeout, token => compiler.CompileAsync(request, token), cancellationToken);
            if (TryReturn(compiler))
            {
                return reply;
            }

            await compiler.DisposeAsync();
            return reply;
        }
        catch
        {
            await compiler.DisposeAsync();
            throw;
        }
    }

    private async Task<CompilerProcess> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WithinAsync(_options.StartTimeout, token => CompilerProcess.StartAsync(_command(), _options.MaxHeapBytes, token), cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or CompilerEndedException or TimeoutException)
        {
            throw new CompilerUnavailableException($"The coordinator's compiler did not start. {exception.Message}", exception);
        }
    }

    private async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, _time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return await work(ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"It took more than {limit.TotalSeconds:0.#} s."));
        }
    }

    private async Task<CompilerProcess?> TakeIdleAsync()
    {
        while (Pop() is { } compiler)
        {
            if (!compiler.HasEnded)
            {
                return compiler;
            }

            // Somebody else has ended it meanwhile: no fault of the text.
            await compiler.DisposeAsync();
        }

        return null;
    }

    private CompilerProcess? Pop()
    {
        lock (_gate)
        {
            return _idle.TryPop(out var compiler) ? compiler : null;
        }
    }

    private CompilerProcess[] TakeIdle(Func<CompilerProcess, bool> which)
    {
        lock (_gate)
        {
            var taken = _idle.Where(which).ToArray();
            var rest = _idle.Except(taken).Reverse().ToArray();
            _idle.Clear();
            Array.ForEach(rest, _idle.Push);
            return taken;
        }
    }

    private bool TryReturn(CompilerProcess compiler)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return false;
            }

            compiler.IdleSince = _time.GetUtcNow();
            _idle.Push(compiler);
            _timer.Change(_options.IdleTime, _options.IdleTime);
            return true;
        }
    }

    private async Task EndIdleAsync()
    {
        var now = _time.GetUtcNow();
        foreach (var compiler in TakeIdle(compiler => now - compiler.IdleSince >= _options.IdleTime))
        {
            await compiler.DisposeAsync();
        }

        lock (_gate)
        {
            if (_idle.Count == 0 && !_disposed)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
