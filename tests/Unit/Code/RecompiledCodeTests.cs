using System.Runtime.CompilerServices;
using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class RecompiledCodeTests
{
    [Fact]
    public void Two_builds_of_an_assembly_run_side_by_side()
    {
        var nodes = new Nodes();
        var first = BuildNumber(nodes, Fixtures.Pricing1);
        var second = BuildNumber(nodes, Fixtures.Pricing2);

        Assert.Equal([1, 2, 1], new[] { first, second, first }.Select(function => function.Invoke(0, default)));
    }

    [Fact]
    public void A_file_that_changes_is_another_code()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "Acme.Pricing.dll");
            File.Copy(Fixtures.Tax, Path.Combine(folder.FullName, "Acme.Tax.dll"));
            File.Copy(Fixtures.Pricing1, path);
            var before = FunctionShipper.Ship(path, "Acme.Pricing.Prices", "BuildNumber");
            File.Copy(Fixtures.Pricing2, path, overwrite: true);
            File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
            var after = FunctionShipper.Ship(path, "Acme.Pricing.Prices", "BuildNumber");

            Assert.NotEqual(Hash(before, "Acme.Pricing"), Hash(after, "Acme.Pricing"));
            Assert.Equal(Hash(before, "Acme.Tax"), Hash(after, "Acme.Tax"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Jobs_with_the_same_code_share_a_context()
    {
        var contexts = new CodeContexts();
        var code = FunctionShipper.Ship(Fixtures.Pricing1, "Acme.Pricing.Prices", "BuildNumber");
        using var first = Acquire(contexts, code);
        using var second = Acquire(contexts, code);
        using var other = Acquire(contexts, FunctionShipper.Ship(Fixtures.Pricing2, "Acme.Pricing.Prices", "BuildNumber"));

        Assert.Same(first.Context, second.Context);
        Assert.NotSame(first.Context, other.Context);
    }

    [Fact]
    public void A_context_outlives_its_last_job_until_others_have_been_used()
    {
        var contexts = new CodeContexts(maxIdle: 1);
        var first = FunctionShipper.Ship(Fixtures.Pricing1, "Acme.Pricing.Prices", "BuildNumber");
        var second = FunctionShipper.Ship(Fixtures.Pricing2, "Acme.Pricing.Prices", "BuildNumber");

        var kept = UseOnce(contexts, first);
        Assert.Same(kept, UseOnce(contexts, first));
        UseOnce(contexts, second);
        Assert.NotSame(kept, UseOnce(contexts, first));
    }

    [Fact]
    public void Code_that_is_no_longer_used_is_unloaded()
    {
        var contexts = new CodeContexts(maxIdle: 0);
        var context = RunOnce(contexts);

        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RunOnce(CodeContexts contexts)
    {
        var shipped = FunctionShipper.Ship(Fixtures.Pricing1, "Acme.Pricing.Prices", "Gross");
        using var lease = Acquire(contexts, shipped);
        var function = (ItemFunction<int, int>)new FunctionResolver(lease.Context).Resolve(shipped.Message).CreateItemFunction(Arguments.Single);
        Assert.Equal(120, function.Invoke(100, default));
        return new WeakReference(lease.Context);
    }

    private static CodeContext UseOnce(CodeContexts contexts, ShippedFunction shipped)
    {
        using var lease = Acquire(contexts, shipped);
        return lease.Context;
    }

    private static CodeLease Acquire(CodeContexts contexts, ShippedFunction shipped) =>
        contexts.Acquire(shipped.Message.Code, [.. shipped.Files.Select(file => file.Path)]);

    private static ItemFunction<int, int> BuildNumber(Nodes nodes, string path) =>
        (ItemFunction<int, int>)nodes.Resolve(FunctionShipper.Ship(path, "Acme.Pricing.Prices", "BuildNumber")).CreateItemFunction(Arguments.Single);

    private static string Hash(ShippedFunction shipped, string name) =>
        Convert.ToHexString(shipped.Message.Code.Files.Single(file => file.Name == name).Sha256.Span);
}
