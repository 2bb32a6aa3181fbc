using System.Security.Cryptography;
using System.Text;
using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Lambdas;

public sealed class LambdaCacheTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LambdaCache _cache = new(maxEntries: 2, keepAtLeast: Minute);

    [Fact]
    public void The_one_that_was_asked_for_longest_ago_goes_first()
    {
        Assert.Empty(_cache.Add(Code("a"), Noon));
        Assert.Empty(_cache.Add(Code("b"), Noon));
        Assert.Equal("a", _cache.Find("a", Noon + Minute)!.Key);
        Assert.Equal(["b"], Keys(_cache.Add(Code("c"), Noon + (2 * Minute))));
        Assert.Null(_cache.Find("b", Noon + (2 * Minute)));
    }

    [Fact]
    public void What_was_asked_for_a_moment_ago_stays()
    {
        _cache.Add(Code("a"), Noon);
        _cache.Add(Code("b"), Noon + TimeSpan.FromSeconds(1));
        Assert.Empty(_cache.Add(Code("c"), Noon + TimeSpan.FromSeconds(59)));
        Assert.Equal(3, _cache.Count);
        Assert.Equal(["a", "b"], Keys(_cache.Add(Code("d"), Noon + TimeSpan.FromSeconds(61))));
    }

    [Fact]
    public void What_a_job_uses_stays()
    {
        var used = Code("a");
        _cache.Add(used, Noon);
        Assert.True(_cache.Pin(used.File!));
        Assert.True(_cache.Pin(used.File!));
        _cache.Add(Code("b"), Noon);
        Assert.Equal(["b"], Keys(_cache.Add(Code("c"), Noon + Minute)));
        _cache.Unpin(used.File!, Noon + Minute);
        Assert.Equal(["c"], Keys(_cache.Add(Code("d"), Noon + (5 * Minute))));
        _cache.Unpin(used.File!, Noon + (5 * Minute));
        Assert.Equal(["d"], Keys(_cache.Add(Code("e"), Noon + (6 * Minute))));
        Assert.Equal(["a"], Keys(_cache.Add(Code("f"), Noon + (7 * Minute))).Take(1));
        Assert.False(_cache.Pin(used.File!));
    }

    [Fact]
    public void Texts_that_do_not_compile_are_remembered_too()
    {
        _cache.Add(new Lambda("bad", null, null, new CompileReply { Problems = { new CompileProblem { Code = "CS1" } } }), Noon);
        Assert.Equal("CS1", _cache.Find("bad", Noon)!.Problems!.Problems.Single().Code);
        Assert.False(_cache.Pin(Code("bad").File!));
    }

    [Fact]
    public void The_same_text_twice_is_one_entry()
    {
        _cache.Add(Code("a"), Noon);
        Assert.Empty(_cache.Add(Code("a"), Noon));
        Assert.Equal(1, _cache.Count);
    }

    private static IEnumerable<string> Keys(IEnumerable<Lambda> lambdas) => lambdas.Select(static lambda => lambda.Key);

    private static Lambda Code(string key)
    {
        var file = new CodeFile { Name = key, Size = 1, Sha256 = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(key))) };
        return new Lambda(key, new Function { Code = new() { Files = { file } } }, new RegisteredFunction(), null);
    }
}
