using System.Security.Cryptography;
using Cluster.Coordinator.Functions;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Protocol.V1;
using Cluster.Unit.Coordinator.Journal;
using Google.Protobuf;
using Xunit;
using V1Code = Cluster.Protocol.V1.Code;

namespace Cluster.Unit.Coordinator.Functions.Registered;

/// <summary>Names for functions: who has which, which version is meant, and what a restart leaves of them.</summary>
public sealed class FunctionSetsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cluster-functions-").FullName;
    private readonly SimulatedDisk _disk = new();
    private readonly CodeStore _store;

    public FunctionSetsTests() => _store = new CodeStore(new CodeStoreOptions { Directory = _directory });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _disk.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_name_leads_to_the_method_and_its_code()
    {
        using var sets = Open();
        var (set, unchanged) = await RegisterAsync(sets, "prices", new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)));
        Assert.False(unchanged);
        Assert.Equal("prices/twice", Assert.Single(set.Functions).Name);

        var found = sets.Find("prices/twice");
        Assert.Equal(("Acme", "Acme.Prices", "Twice"), (found.Reference.Assembly, found.Reference.Type, found.Reference.Method));
        Assert.NotEqual(0u, found.Reference.Token);
        Assert.Equal("Acme", Assert.Single(found.Reference.Code.Files).Name);
        Assert.Equal("prices/twice(int )", found.Signature);
    }

    [Fact]
    public async Task Versions_before_the_current_one_stay_callable()
    {
        using var sets = Open();
        var first = new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int));
        var old = (await RegisterAsync(sets, "prices", first)).Set.Version;
        var (now, _) = await RegisterAsync(sets, "prices", new EmittedAssembly().With("Thrice", "thrice", typeof(int), typeof(int)));

        Assert.Equal([old], now.OtherVersions.Select(version => version.Version));
        Assert.Equal("Thrice", sets.Find("prices/thrice").Reference.Method);
        Assert.Equal("Twice", sets.Find($"prices@{old[..4]}/twice").Reference.Method);
        Assert.Equal($"prices@{old}/twice", sets.List($"prices@{old}").Single().Functions[0].Name);
        Assert.Contains("prices/thrice", Missing(sets, "prices/twice"), StringComparison.Ordinal);
        Assert.Contains($"It has {now.Version}, {old}", Missing(sets, "prices@ffffffffffff/twice"), StringComparison.Ordinal);
        Assert.Contains("4 characters", Missing(sets, $"prices@{old[..3]}/twice"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_code_again_changes_nothing_and_older_code_comes_back()
    {
        using var sets = Open();
        var content = new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)).ToArray();
        var first = (await RegisterAsync(sets, "prices", content)).Set.Version;
        Assert.True((await RegisterAsync(sets, "prices", content)).Unchanged);
        var second = (await RegisterAsync(sets, "prices", new EmittedAssembly().With("Thrice", "thrice", typeof(int)))).Set.Version;
        var back = (await RegisterAsync(sets, "prices", content)).Set;
        Assert.Equal((first, second), (back.Version, Assert.Single(back.OtherVersions).Version));
    }

    [Theory]
    [InlineData("prices/twize", "Did you mean prices/twice?")]
    [InlineData("price/twice", "no set is called 'price'. Did you mean prices/twice?")]
    [InlineData("twice", "Write SET/FUNCTION")]
    [InlineData("elsewhere/quite-another", "There are, for example, prices/twice.")]
    public async Task A_wrong_name_gets_the_near_ones(string name, string expected)
    {
        using var sets = Open();
        Assert.Contains("cluster push", Missing(sets, "prices/twice"), StringComparison.Ordinal);
        await RegisterAsync(sets, "prices", new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)));
        Assert.Contains(expected, Missing(sets, name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sets_are_there_again_after_a_crash_and_those_that_were_forgotten_are_not()
    {
        string old;
        using (var sets = Open())
        {
            await RegisterAsync(sets, "gone", new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)));
            old = (await RegisterAsync(sets, "prices", new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)))).Set.Version;
            await RegisterAsync(sets, "prices", new EmittedAssembly().With("Thrice", "thrice", typeof(int), typeof(int)));
            Assert.Equal(1, await sets.UnregisterAsync("gone", Token));
        }

        _disk.Crash(new Random(1));
        using (var sets = Open())
        {
            Assert.Equal("prices", Assert.Single(sets.List("")).Name);
            Assert.Equal("Thrice", sets.Find("prices/thrice").Reference.Method);
            Assert.Equal("Twice", sets.Find($"prices@{old}/twice").Reference.Method);
            Assert.Equal(1, await sets.UnregisterAsync($"prices@{old}", Token));
            var current = sets.List("prices").Single().Version;
            await Assert.ThrowsAsync<RegistrationRejectedException>(() => sets.UnregisterAsync($"prices@{current}", Token));
        }
    }

    [Fact]
    public async Task A_full_disk_leaves_everything_as_it_was()
    {
        using var sets = Open();
        await RegisterAsync(sets, "prices", new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)));
        _disk.Room = 0;
        await Assert.ThrowsAnyAsync<IOException>(() => RegisterAsync(sets, "prices", new EmittedAssembly().With("Thrice", "thrice", typeof(int))));
        Assert.Equal("Twice", sets.Find("prices/twice").Reference.Method);
        _disk.Crash(new Random(1));
        using var again = Open();
        Assert.Equal("Twice", again.Find("prices/twice").Reference.Method);
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_not_passed_over()
    {
        using (var sets = Open())
        {
            await RegisterAsync(sets, "prices", new EmittedAssembly().With("Twice", "twice", typeof(int), typeof(int)));
        }

        using (var file = _disk.Open("prices.set"))
        {
            file.Write([0xFF, 0xFF], file.Length - 2);
        }

        Assert.Contains("prices.set", Assert.Throws<InvalidDataException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_uploaded_or_is_no_part_of_the_code_is_refused()
    {
        using var sets = Open();
        var file = Describe("Acme", [1, 2, 3]);
        var missing = await Assert.ThrowsAsync<RegistrationRejectedException>(() => sets.RegisterAsync(Request("prices", file), Token));
        Assert.Contains("does not have Acme", missing.Message, StringComparison.Ordinal);
        await StoreAsync(file, [1, 2, 3]);
        var request = Request("prices", file);
        request.Assembly = "Other";
        Assert.Contains("`assembly` is 'Other'", (await Assert.ThrowsAsync<RegistrationRejectedException>(() => sets.RegisterAsync(request, Token))).Message, StringComparison.Ordinal);
        Assert.Contains("'No/Name'", (await Assert.ThrowsAsync<RegistrationRejectedException>(() => sets.RegisterAsync(Request("No/Name", file), Token))).Message, StringComparison.Ordinal);
    }

    private static string Missing(FunctionSets sets, string name) => Assert.Throws<UnknownFunctionException>(() => sets.Find(name)).Message;

    private FunctionSets Open() => new(_store, new FunctionSetFiles(_disk), TimeProvider.System);

    private Task<(FunctionSet Set, bool Unchanged)> RegisterAsync(FunctionSets sets, string name, EmittedAssembly assembly) => RegisterAsync(sets, name, assembly.ToArray());

    private async Task<(FunctionSet Set, bool Unchanged)> RegisterAsync(FunctionSets sets, string name, byte[] content)
    {
        var file = Describe("Acme", content);
        await StoreAsync(file, content);
        return await sets.RegisterAsync(Request(name, file), Token);
    }

    private async Task StoreAsync(CodeFile file, byte[] content)
    {
        if (await _store.BeginUploadAsync(file, Token) is { } upload)
        {
            await using (upload)
            {
                await upload.WriteAsync(content, Token);
                await upload.CommitAsync();
            }
        }
    }

    private static RegisterFunctionsRequest Request(string set, CodeFile file) => new() { Set = set, Code = new V1Code { Files = { file } }, Assembly = "Acme" };

    private static CodeFile Describe(string name, byte[] content) => new() { Name = name, Size = (ulong)content.Length, Sha256 = ByteString.CopyFrom(SHA256.HashData(content)) };
}
