using System.Security.Cryptography;
using System.Text;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Telemetry;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Lambdas;

/// <summary>Lambdas that come as text: compiled once, remembered, and stored like code that was uploaded. Thread-safe.</summary>
internal sealed class LambdaCompiler(CompilerPool pool, LambdaFiles files, LambdaOptions options, CoordinatorMetrics metrics, TimeProvider time, ILogger<LambdaCompiler> logger)
{
    private readonly Lock _gate = new();
    private readonly LambdaCache _cache = new(options.MaxRemembered, options.RememberAtLeast);
    private readonly SharedWork<Lambda> _work = new();

    /// <summary>What comes of a text; at once where that is known.</summary>
    /// <param name="text">A lambda.</param>
    /// <param name="caller">Who wants it, for the log.</param>
    /// <param name="cancellationToken">Ends the wait, and the work where nobody else waits.</param>
    /// <exception cref="LambdaRefusedException">The text is too long, or the compiler could not cope with it, now or at all.</exception>
    /// <exception cref="IOException">The assembly cannot be stored.</exception>
    public async Task<Lambda> CompileAsync(string text, string caller, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > options.MaxTextBytes)
        {
            throw new LambdaRefusedException(LambdaRefusal.Text, $"`csharp` has {bytes} bytes; {options.MaxTextBytes} are taken at most. Push larger code as a file (cluster push).");
        }

        var key = LambdaName.Key(text);
        if (Find(key) is { } known)
        {
            metrics.LambdasReused.Add(1);
            LambdaLog.Used(logger, LambdaName.Assembly(key), caller);
            return known;
        }

        return await _work.RunAsync(key, token => CompileNewAsync(key, text, caller, token), cancellationToken);
    }

    /// <summary>Brings back the code of a lambda that was compiled earlier, perhaps by a coordinator that is gone.</summary>
    /// <exception cref="LambdaRefusedException">There is no room for it.</exception>
    /// <exception cref="IOException">It cannot be stored.</exception>
    public async Task RestoreAsync(string text, Function function, RegisteredFunction description, ReadOnlyMemory<byte> assembly, CancellationToken cancellationToken) =>
        await KeepAsync(new Lambda(LambdaName.Key(text), function, description, null), assembly, cancellationToken);

    /// <summary>The assembly of a lambda that was asked for a moment ago.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<ByteString> ReadAsync(Function function, CancellationToken cancellationToken)
    {
        var path = await files.Store.FindAsync(function.Code.Files[0].Sha256.Memory, cancellationToken) ?? throw new FileNotFoundException($"The assembly of {function.Assembly} is gone.");
        return UnsafeByteOperations.UnsafeWrap(await File.ReadAllBytesAsync(path, cancellationToken));
    }

    /// <summary>Sees to it that the code of a job stays while it runs, where it is a lambda's.</summary>
    /// <returns>To be disposed when it has ended; null: there is nothing to do.</returns>
    public IDisposable? Hold(Code? code)
    {
        if (code is not { Files: [var file] })
        {
            return null;
        }

        lock (_gate)
        {
            return _cache.Pin(file) ? new Held(this, file) : null;
        }
    }

    private Lambda? Find(string key)
    {
        lock (_gate)
        {
            return _cache.Find(key, time.GetUtcNow());
        }
    }

    private async Task<Lambda> CompileNewAsync(string key, string text, string caller, CancellationToken cancellationToken)
    {
        // Somebody may have been faster between the look and this.
        if (Find(key) is { } known)
        {
            return known;
        }

        var name = LambdaName.Assembly(key);
        var bytes = Encoding.UTF8.GetByteCount(text);
        var began = time.GetTimestamp();
        CompileReply reply;
        try
        {
            reply = await pool.CompileAsync(new CompileRequest { Text = text, Assembly = name }, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or CompilerEndedException or CompilerUnavailableException or CompilersBusyException)
        {
            metrics.LambdasFailed.Add(1);
            LambdaLog.GivenUp(logger, name, bytes, caller, exception.Message);
            throw LambdaRefusedException.For(exception);
        }

        var elapsed = time.GetElapsedTime(began);
        metrics.LambdaCompileTime.Record(elapsed.TotalSeconds);
        if (reply.Function is not { } function)
        {
            metrics.LambdasFailed.Add(1);
            LambdaLog.Refused(logger, name, bytes, reply.Problems.Count + reply.MoreProblems, caller);
            return await KeepAsync(new Lambda(key, null, null, reply), default, cancellationToken);
        }

        metrics.LambdasCompiled.Add(1);
        var assembly = function.Assembly.Memory;
        var file = new CodeFile { Name = name, Sha256 = ByteString.CopyFrom(SHA256.HashData(assembly.Span)), Size = (ulong)assembly.Length };
        var reference = new Function { Code = new Code { Files = { file } }, Assembly = name, Type = function.Type, Method = function.Method, Token = function.Token };
        LambdaLog.Compiled(logger, name, bytes, elapsed.TotalSeconds, file.Size, caller);
        return await KeepAsync(new Lambda(key, reference, function.Description, null), assembly, cancellationToken);
    }

    private async Task<Lambda> KeepAsync(Lambda lambda, ReadOnlyMemory<byte> assembly, CancellationToken cancellationToken)
    {
        if (lambda.File is { } file)
        {
            try
            {
                await files.AddAsync(file, assembly, cancellationToken);
            }
            catch (CodeFileRejectedException exception)
            {
                throw new LambdaRefusedException(LambdaRefusal.Busy, exception.Message, exception);
            }
        }

        lock (_gate)
        {
            // Under the same lock as the looks, so that none of these is wanted again before it is gone.
            foreach (var forgotten in _cache.Add(lambda, time.GetUtcNow()))
            {
                if (forgotten.File is { } unused)
                {
                    files.Store.Remove(unused.Sha256.Span);
                }
            }
        }

        return lambda;
    }

    private void Release(CodeFile file)
    {
        lock (_gate)
        {
            _cache.Unpin(file, time.GetUtcNow());
        }
    }

    private sealed class Held(LambdaCompiler compiler, CodeFile file) : IDisposable
    {
        private CodeFile? _file = file;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _file, null) is { } held)
            {
                compiler.Release(held);
            }
        }
    }
}
