using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Processes;
using Cluster.TestKit.Time;
using Xunit;

namespace Cluster.Unit.Coordinator.Lambdas;

/// <summary>Compilers as real processes, and texts that are meant to take them down.</summary>
public sealed class CompilerPoolTests
{
    // Overloads that each have to be tried with each of those inside: three to the power of twelve.
    private static readonly string Slow =
        $"static class C {{ public static int M(Func<int, int> f) => 1; public static int M(Func<string, int> f) => 1; public static int M(Func<long, int> f) => 1; }} (int x) => "
        + $"{string.Concat(Enumerable.Range(0, 12).Select(static i => $"C.M(a{i} => "))}a0.Nope{new string(')', 12)}";

    private static readonly string Deep = $"(int x) => default({string.Concat(Enumerable.Repeat("List<", 12_000))}int{new string('>', 12_000)})";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_compiler_is_used_again_and_ended_with_the_pool()
    {
        var pool = Open(new LambdaOptions());
        await CompileAsync(pool, "(int x) => x");
        var compiler = Assert.Single(pool.Idle);
        await CompileAsync(pool, "(int x) => -x");
        Assert.Equal([compiler], pool.Idle);
        await pool.DisposeAsync();
        Assert.False(ProcessTable.IsAlive(compiler));
    }

    [Fact]
    public async Task A_text_that_takes_too_long_is_given_up_and_the_next_one_is_not_affected()
    {
        await using var pool = Open(new LambdaOptions { MaxCompilers = 1, Timeout = TimeSpan.FromSeconds(3) });
        await CompileAsync(pool, "(int x) => x");
        var compiler = Assert.Single(pool.Idle);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => pool.CompileAsync(Request(Slow), Token).Within());
        Assert.Contains("3 s", late.Message, StringComparison.Ordinal);
        Assert.False(ProcessTable.IsAlive(compiler));
        await CompileAsync(pool, "(int x) => x");
    }

    [Fact]
    public async Task A_text_that_takes_all_of_the_stack_ends_its_compiler_only()
    {
        await using var pool = Open(new LambdaOptions { MaxCompilers = 1, Timeout = TimeSpan.FromSeconds(50) });
        var ended = await Assert.ThrowsAsync<CompilerEndedException>(() => pool.CompileAsync(Request(Deep), Token).Within());
        Assert.Contains("Stack overflow", ended.Message, StringComparison.Ordinal);
        await CompileAsync(pool, "(int x) => x");
    }

    [Fact]
    public async Task A_text_that_takes_too_much_memory_ends_its_compiler_only()
    {
        await using var pool = Open(new LambdaOptions { MaxCompilers = 1, Timeout = TimeSpan.FromSeconds(50), MaxHeapBytes = 64 << 20 });
        var types = string.Concat(Enumerable.Range(0, 3000).Select(static i => $"record R{i}(int A);"));
        var ended = await Assert.ThrowsAsync<CompilerEndedException>(() => pool.CompileAsync(Request($"{types}(int x) => x"), Token).Within());
        Assert.Contains("emory", ended.Message, StringComparison.Ordinal);
        await CompileAsync(pool, "(int x) => x");
    }

    [Fact]
    public async Task Only_so_many_wait()
    {
        await using var pool = Open(new LambdaOptions { MaxCompilers = 1, MaxWaiting = 2, Timeout = TimeSpan.FromSeconds(50) });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = Enumerable.Range(0, 3).Select(_ => pool.CompileAsync(Request(Slow), leaving.Token)).ToArray();
        var refused = await Assert.ThrowsAsync<CompilersBusyException>(() => pool.CompileAsync(Request("(int x) => x"), Token).Within());
        Assert.StartsWith("2 lambdas wait", refused.Message, StringComparison.Ordinal);

        // Whoever leaves makes room, in the middle of a compilation too.
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting).Within());
        await CompileAsync(pool, "(int x) => x");
    }

    [Fact]
    public async Task Compilers_without_work_are_ended_after_a_while()
    {
        var time = new ManualTime();
        await using var pool = new CompilerPool(static () => CompilerCommand.Find(AppContext.BaseDirectory), new LambdaOptions(), time);
        await CompileAsync(pool, "(int x) => x");
        var compiler = Assert.Single(pool.Idle);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(pool.Idle);
        await GoneAsync(compiler).Within();
        await CompileAsync(pool, "(int x) => x");
    }

    [Fact]
    public async Task One_that_was_ended_from_outside_is_no_fault_of_the_next_text()
    {
        await using var pool = Open(new LambdaOptions());
        await CompileAsync(pool, "(int x) => x");
        var compiler = Assert.Single(pool.Idle);
        Signals.Send(compiler, Signals.Kill);
        await GoneAsync(compiler).Within();
        await CompileAsync(pool, "(int x) => x");
        Assert.NotEqual(compiler, Assert.Single(pool.Idle));
    }

    [Fact]
    public async Task Without_a_compiler_it_is_said_what_is_missing()
    {
        var folder = Directory.CreateTempSubdirectory("cluster-no-compiler-");
        try
        {
            await using var pool = new CompilerPool(() => CompilerCommand.Find(folder.FullName), new LambdaOptions(), TimeProvider.System);
            var missing = await Assert.ThrowsAsync<CompilerUnavailableException>(() => pool.CompileAsync(Request("(int x) => x"), Token).Within());
            Assert.Contains(Path.Combine(folder.FullName, "Cluster.Compiler.dll"), missing.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete();
        }
    }

    private static CompilerPool Open(LambdaOptions options) => new(static () => CompilerCommand.Find(AppContext.BaseDirectory), options, TimeProvider.System);

    private static CompileRequest Request(string text) => new() { Text = text, Assembly = "lambda" };

    private static async Task CompileAsync(CompilerPool pool, string text) => Assert.NotNull((await pool.CompileAsync(Request(text), Token).Within()).Function);

    // Nobody tells when it goes: it is another object's process.
    private static async Task GoneAsync(int pid)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (ProcessTable.IsAlive(pid))
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }
}
