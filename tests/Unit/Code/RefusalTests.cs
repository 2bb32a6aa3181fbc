using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using System.Text.Json;
using System.Text.Json.Serialization;
using Cluster.Client;
using Cluster.Client.Functions;
using Cluster.Protocol;
using Xunit;

namespace Cluster.Unit.Code;

/// <summary>What cannot travel fails at the call, and the message names the variable.</summary>
public sealed class RefusalTests
{
    private readonly FunctionShipper _shipper = new();
    private readonly int _member = 3;

    [Fact]
    public void The_object_around_a_lambda()
    {
        var refused = Refuse((int x) => x * _member, "this", typeof(RefusalTests));

        Assert.Contains("copy what it needs into local variables", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public void The_object_around_a_lambda_that_captures_variables_too()
    {
        var factor = 2;

        Refuse((int x) => x * _member * factor, "this", typeof(RefusalTests));
    }

    [Fact]
    public void Instance_methods() =>
        Assert.Contains("make the method static", Refuse<int, int>(TimesMember, "this", typeof(RefusalTests)).Message, StringComparison.Ordinal);

    [Fact]
    public void Instance_methods_inside_captured_delegates()
    {
        Func<int, int> scale = TimesMember;

        Refuse((int x) => scale(x), "scale.this", typeof(RefusalTests));
    }

    [Fact]
    public void Streams()
    {
        using var stream = new MemoryStream();

        Refuse((int x) => x + (int)stream.Length, "stream", typeof(MemoryStream));
    }

    [Fact]
    public void Streams_in_an_outer_scope()
    {
        using var stream = new MemoryStream();
        foreach (var factor in new[] { 1 })
        {
            Refuse((int x) => (x * factor) + (int)stream.Length, "stream", typeof(MemoryStream));
        }
    }

    [Fact]
    public void Streams_deep_in_a_record()
    {
        var settings = new Settings("a", new Output([Stream.Null]));

        Refuse((int x) => settings.Name + x, "settings.Output.Streams[]", typeof(Stream));
    }

    [Fact]
    public void Streams_that_a_captured_delegate_captured()
    {
        using var stream = new MemoryStream();
        Func<int, int> length = x => x + (int)stream.Length;

        Refuse((int x) => length(x), "length.stream", typeof(MemoryStream));
    }

    [Fact]
    public void Things_of_this_process()
    {
        using var client = new HttpClient();
        using var source = new CancellationTokenSource();
        using var gate = new SemaphoreSlim(1);
        using var thread = new ManualResetEvent(false);
        var token = source.Token;
        var task = Task.FromResult(1);
        var type = typeof(int);
        var pointer = (nint)1;
        var random = new Random(1);
        var lazy = new Lazy<int>(1);
        object anything = 1;
        Delegate callback = TimesMember;

        Refuse((int x) => x + client.Timeout.Seconds, "client", typeof(HttpClient));
        Refuse((int x) => x + (token.IsCancellationRequested ? 1 : 0), "token", typeof(CancellationToken));
        Refuse((int x) => x + source.GetHashCode(), "source", typeof(CancellationTokenSource));
        Refuse((int x) => x + gate.CurrentCount, "gate", typeof(SemaphoreSlim));
        Refuse((int x) => x + (thread.WaitOne(0) ? 1 : 0), "thread", typeof(ManualResetEvent));
        Refuse((int x) => x + task.Id, "task", typeof(Task<int>));
        Refuse((int x) => x + type.MetadataToken, "type", typeof(Type));
        Refuse((int x) => x + pointer, "pointer", typeof(nint));
        Refuse((int x) => x + random.Next(), "random", typeof(Random));
        Refuse((int x) => x + lazy.Value, "lazy", typeof(Lazy<int>));
        Refuse((int x) => x + anything.GetHashCode(), "anything", typeof(object));
        Refuse((int x) => x + callback.GetHashCode(), "callback", typeof(Delegate));
    }

    [Fact]
    public void Types_that_would_lose_a_field()
    {
        var counter = new Counter();
        var child = new CountingChild();
        var half = new HalfOpen();

        Assert.Contains("field _count", Refuse((int x) => counter.Next() + x, "counter", typeof(Counter)).Message, StringComparison.Ordinal);
        Assert.Contains("field _count", Refuse((int x) => child.Next() + x, "child", typeof(CountingChild)).Message, StringComparison.Ordinal);
        Assert.Contains("property Seen", Refuse((int x) => half.Seen + x, "half", typeof(HalfOpen)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_would_arrive_as_something_else()
    {
        IShape shape = new Square();
        var stack = new Stack<int>([1, 2]);
        var tagged = new TaggedList { 1 };
        var byPoint = new Dictionary<(int, int), string> { [(1, 2)] = "x" };

        Refuse((int x) => shape.Side + x, "shape", typeof(IShape));
        Refuse((int x) => stack.Peek() + x, "stack", typeof(Stack<int>));
        Assert.Contains("property Tag", Refuse((int x) => tagged.Count + x, "tagged", typeof(TaggedList)).Message, StringComparison.Ordinal);
        Refuse((int x) => byPoint.Count + x, "byPoint", typeof(Dictionary<(int, int), string>));
    }

    [Fact]
    public void Values_that_are_not_of_the_declared_type()
    {
        Named animal = new Dog("Rex", 3);
        var pair = new Pair(new Dog("Rex", 3));
        var zoo = new List<Named> { new("Tom"), new Dog("Rex", 3) };

        Refuse((int x) => animal.Name + x, "animal", typeof(Named));
        Assert.EndsWith(
            "cannot be written: a Dog is declared as Named and would arrive as one, without what Dog adds; declare the exact type, "
            + "or list the derived types with [JsonDerivedType].",
            Refuse((int x) => zoo.Count + x, "zoo", typeof(List<Named>)).Message,
            StringComparison.Ordinal);
        Assert.Contains("at Pet, a Dog is declared as Named", Refuse((int x) => pair.Pet.Name + x, "pair", typeof(Pair)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Collections_with_a_comparer_of_their_own()
    {
        var names = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 };
        var set = new SortedSet<int>(Comparer<int>.Create((a, b) => b - a)) { 1 };

        Assert.Contains("comparer", Refuse((int x) => names["A"] + x, "names", typeof(Dictionary<string, int>)).Message, StringComparison.Ordinal);
        Refuse((int x) => set.Min + x, "set", typeof(SortedSet<int>));
    }

    [Fact]
    public void Sequences_that_have_no_elements_yet()
    {
        var endless = Endless();

        Assert.Contains("ToArray", Refuse((int x) => endless.First() + x, "endless", typeof(IEnumerable<int>)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_that_refer_to_themselves()
    {
        var node = new Node();
        node.Next = node;

        Refuse((int x) => node.Next == null ? 0 : x, "node", typeof(Node));
    }

    [Fact]
    public void Buffers_of_a_fixed_size()
    {
        var hash = new Hash();
        var row = new Row();

        Refuse((int x) => hash.First + x, "hash.Words", hash.WordsType);
        Refuse((int x) => row[0] + x, "row", typeof(Row));
    }

    [Fact]
    public void Text_that_is_none()
    {
        var half = "a\ud83d";
        var keys = new Dictionary<string, int> { [half] = 1 };

        Assert.Contains("half of a surrogate pair (U+D83D) at position 1", Refuse((int x) => half.Length + x, "half", typeof(string)).Message, StringComparison.Ordinal);
        Refuse((int x) => keys.Count + x, "keys", typeof(Dictionary<string, int>));
    }

    [Fact]
    public void More_than_fits_into_a_message()
    {
        var small = new byte[1000];
        var block = new byte[Limits.MaxCaptureBytes];

        var refused = Assert.Throws<FunctionNotShippableException>(() => _shipper.Ship((int x) => small[x] + block[x]));

        Assert.Equal("block", refused.Variable);
        Assert.Contains("'block' takes 2,796,206; at most 2,097,152", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_is_for_those_who_can_follow_it()
    {
        var text = new System.Text.StringBuilder();
        using var gate = new Gate();

        Assert.Contains("send what it is made from", Refuse((int x) => text.Length + x, "text", typeof(System.Text.StringBuilder)).Message, StringComparison.Ordinal);
        Assert.Contains("create it inside the function", Refuse((int x) => gate.Count + x, "gate", typeof(Gate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Converters_that_throw()
    {
        var broken = new Broken();

        var refused = Refuse((int x) => broken.Value + x, "broken", typeof(Broken));
        Assert.Contains("No value today", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_delegates_in_one()
    {
        Func<int, int> both = static x => x;
        both += static x => x + 1;

        Assert.Contains("several delegates", Refuse(both, null, typeof(Func<int, int>)).Message, StringComparison.Ordinal);
        Refuse((int x) => both(x), "both", typeof(Func<int, int>));
    }

    [Fact]
    public void Code_that_has_no_file()
    {
        Expression<Func<int, int>> expression = x => x + 1;
        var compiled = expression.Compile();
        var emitted = EmitIdentity().CreateDelegate<Func<int, int>>();

        Assert.Contains("made at run time", Assert.Throws<FunctionNotShippableException>(() => _shipper.Ship(compiled)).Message, StringComparison.Ordinal);
        Assert.Contains("made at run time", Assert.Throws<FunctionNotShippableException>(() => _shipper.Ship(emitted)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assemblies_that_were_loaded_from_memory()
    {
        var context = new AssemblyLoadContext("memory", isCollectible: true);
        using var image = new MemoryStream(File.ReadAllBytes(Fixtures.Pricing1));
        var method = context.LoadFromStream(image).GetType("Acme.Pricing.Prices")!.GetMethod("BuildNumber")!;

        var refused = Assert.Throws<FunctionNotShippableException>(() => _shipper.Ship(method.CreateDelegate<Func<int, int>>()));

        Assert.Contains("Acme.Pricing has no file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Assemblies_that_were_rebuilt_while_the_program_runs()
    {
        using var folder = new LonelyPricing();
        var program = new AssemblyLoadContext("program", isCollectible: true);
        var method = program.LoadFromAssemblyPath(folder.Pricing).GetType("Acme.Pricing.Prices")!.GetMethod("BuildNumber")!;
        // A new file in its place, as compilers make one: what is loaded keeps the old.
        File.Delete(folder.Pricing);
        File.Copy(Fixtures.Pricing2, folder.Pricing);

        var refused = Assert.Throws<FunctionNotShippableException>(() => _shipper.Ship(method.CreateDelegate<Func<int, int>>()));

        Assert.Contains($"{folder.Pricing} has been rebuilt since this program started", refused.Message, StringComparison.Ordinal);
    }

    private static MethodInfo EmitIdentity()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Emitted"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("Emitted").DefineType("Type", TypeAttributes.Public);
        var il = type.DefineMethod("Identity", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
        return type.CreateType().GetMethod("Identity")!;
    }

    private FunctionNotShippableException Refuse<TIn, TOut>(Func<TIn, TOut> function, string? variable, Type type)
    {
        var refused = Assert.Throws<FunctionNotShippableException>(() => _shipper.Ship(function));
        Assert.Equal(variable, refused.Variable);
        Assert.Equal(type, refused.VariableType);
        Assert.Contains(nameof(RefusalTests), refused.Function, StringComparison.Ordinal);
        Assert.Contains(variable is null ? "delegate" : $"'{variable}'", refused.Message, StringComparison.Ordinal);
        return refused;
    }

    private static IEnumerable<int> Endless()
    {
        while (true)
        {
            yield return 1;
        }
    }

    private int TimesMember(int x) => x * _member;

    private sealed record Settings(string Name, Output Output);

    private sealed record Output(List<Stream> Streams);

    private class Counter
    {
        private int _count;

        public int Next() => ++_count;
    }

    private sealed class CountingChild : Counter
    {
        public string? Name { get; set; }
    }

    private sealed class HalfOpen
    {
        public int Seen { get; private set; } = 1;
    }

    private interface IShape
    {
        int Side { get; }
    }

    private sealed class Square : IShape
    {
        public int Side { get; set; }
    }

    private sealed class TaggedList : List<int>
    {
        public string? Tag { get; set; }
    }

    private record Named(string Name);

    private sealed record Pair(Named Pet);

    private sealed record Dog(string Name, int Age) : Named(Name);

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class Gate : IDisposable
    {
        private int _count;

        public int Count => _count;

        public void Dispose() => _count++;
    }

    private unsafe struct Hash
    {
        public fixed int Words[4];

        public readonly int First => Words[0];

        public readonly Type WordsType => typeof(Hash).GetField(nameof(Words))!.FieldType;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Row
    {
        public int First;
    }

    [JsonConverter(typeof(BrokenConverter))]
    private sealed class Broken
    {
        public int Value { get; set; }
    }

    private sealed class BrokenConverter : JsonConverter<Broken>
    {
        public override Broken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, Broken value, JsonSerializerOptions options) =>
            throw new InvalidOperationException("No value today");
    }
}
