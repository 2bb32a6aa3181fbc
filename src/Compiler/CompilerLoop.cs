using Cluster.Compiler.Lambdas;
using Cluster.Protocol.Frames;
using Cluster.Protocol.V1;

namespace Cluster.Compiler;

/// <summary>Answers requests, one after the other, until there is nobody any more who asks.</summary>
internal sealed class CompilerLoop(LambdaCompilation compilation, Stream input, Stream output)
{
    /// <summary>The longest request.</summary>
    public const int MaxRequestBytes = 4 << 20;

    // Texts nest, and the compiler goes down with them. It looks how much is left and says that a text is too complex.
    private const int StackBytes = 16 << 20;

    /// <summary>Answers until the end of the input. What is being compiled then is given up: the caller ends the process.</summary>
    public async Task RunAsync()
    {
        // So that the first caller waits for its own text only.
        await CompileAsync(new CompileRequest { Assembly = "warm", Text = "(int[] x) => x.Where(y => y > 0).Sum()" }).ConfigureAwait(false);
        await MessagePipe.WriteAsync(output, new CompileReply()).ConfigureAwait(false);
        var next = ReadAsync();
        while (await next.ConfigureAwait(false) is { } request)
        {
            next = ReadAsync();
            var compiling = CompileAsync(request);
            if (await Task.WhenAny(compiling, next).ConfigureAwait(false) == next && await next.ConfigureAwait(false) is null)
            {
                return;
            }

            await MessagePipe.WriteAsync(output, await compiling.ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    private Task<CompileRequest?> ReadAsync() => MessagePipe.ReadAsync(input, CompileRequest.Parser, MaxRequestBytes);

    private Task<CompileReply> CompileAsync(CompileRequest request)
    {
        var done = new TaskCompletionSource<CompileReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    done.SetResult(compilation.Compile(request));
                }
#pragma warning disable CA1031 // The loop throws it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    done.SetException(exception);
                }
            },
            StackBytes)
        {
            IsBackground = true,
            Name = "compile",
        };
        thread.Start();
        return done.Task;
    }
}
