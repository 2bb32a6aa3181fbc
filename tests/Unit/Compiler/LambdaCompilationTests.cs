using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace Cluster.Unit.Compiler;

/// <summary>What becomes of a text.</summary>
public sealed class LambdaCompilationTests
{
    private const string Mark = "CLUSTER_UNIT_LAMBDA_RAN";

    [Theory]
    [InlineData("(int x) => x * x", "int x", "int")]
    [InlineData("  (int x) => x * x ;  // squares", "int x", "int")]
    [InlineData("() => 42", "", "int")]
    [InlineData("(int x, string text) => text + x", "int x, string text", "string")]
    [InlineData("async (double s) => { await Task.Delay(TimeSpan.FromSeconds(s)); return s; }", "double s", "double")]
    [InlineData("async (int x) => { await Task.Yield(); }", "int x", "void")]
    [InlineData("(int x) => ValueTask.FromResult(x)", "int x", "int")]
    [InlineData("(int x) => { Console.WriteLine(x); }", "int x", "void")]
    [InlineData("(int x, CancellationToken cancel) => x", "int x", "int")]
    [InlineData("int (string s) => throw new Exception(s)", "string s", "int")]
    [InlineData("static (List<Dictionary<string, int[]>> list) => list.Count", "List<Dictionary<string, int[]>> list", "int")]
    [InlineData("((int, string) pair) => (pair.Item2, pair.Item1)", "(int, string) pair", "(string, int)")]
    [InlineData("(JsonElement any) => any.ValueKind.ToString()", "JsonElement any", "string")]
    [InlineData("using System.Xml.Linq; record Point(int X, int Y); (int x) => new Point(x, x)", "int x", "Point")]
    [InlineData("[Obsolete] (int? x) => x", "int? x", "int?")]
    public void A_lambda_takes_and_gives_what_it_says(string text, string parameters, string result)
    {
        var reply = Compiled.Of(text);
        Assert.Empty(reply.Problems);
        Assert.Equal(parameters, string.Join(", ", reply.Function.Description.Parameters.Select(static parameter => $"{parameter.Type} {parameter.Name}")));
        Assert.Equal(result, reply.Function.Description.Result);
    }

    [Theory]
    [InlineData("(int x) => x * x", 49)]
    [InlineData("(int x) => { int Twice(int y) => 2 * y; Func<int, int> next = y => y + x; Func<int> both = () => Twice(next(1)); return both(); }", 16)]
    [InlineData("static class Numbers { public static readonly Func<int, int> Negate = static x => -x; } (int x) => Numbers.Negate(x)", -7)]
    [InlineData("(int x) => ((Func<int, int>)(y => y + 1))(x)", 8)]
    public void The_outermost_lambda_is_called(string text, int expected) => Assert.Equal(expected, Compiled.Run(text, 7));

    [Fact]
    public void An_anonymous_result_has_its_members()
    {
        var result = Compiled.Run("(string s) => new { s.Length, Upper = s.ToUpper() }", "abc")!;
        Assert.Equal((3, "ABC"), (result.GetType().GetProperty("Length")!.GetValue(result), result.GetType().GetProperty("Upper")!.GetValue(result)));
    }

    [Theory]
    [InlineData("record Unused(int X);\n\n(int x) =>\n{\n    var y = x - 7;\n    return int.Parse(\"x\") / y;\n}", "in csharp:line 6")]
    [InlineData("(int x) =>\n{\n    var y = x - 7;\n    if (y == 0)\n    {\n        throw new InvalidOperationException();\n    }\n\n    return y;\n}", "in csharp:line 6")]
    public void A_stack_counts_lines_in_the_text(string text, string expected)
    {
        var thrown = Assert.Throws<TargetInvocationException>(() => Compiled.Run(text, 7));
        Assert.Contains(expected, thrown.InnerException!.StackTrace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(int x) => x")]
    [InlineData("async (int x) => { await Task.Yield(); return x; }")]
    public void The_runtime_optimizes_it(string text)
    {
        using var file = new PEReader(new MemoryStream(Compiled.Of(text).Function.Assembly.ToByteArray()));
        var metadata = file.GetMetadataReader();
        var modes = from handle in metadata.GetAssemblyDefinition().GetCustomAttributes()
                    let attribute = metadata.GetCustomAttribute(handle)
                    let constructor = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor)
                    where metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)constructor.Parent).Name) == nameof(DebuggableAttribute)
                    select BitConverter.ToInt32(metadata.GetBlobBytes(attribute.Value), 2);
        Assert.Equal((int)DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints, Assert.Single(modes));
    }

    [Fact]
    public void The_same_text_gives_the_same_bytes()
    {
        var first = Compiled.Of("(int x) => new { x }").Function.Assembly;
        Assert.Equal(first, Compiled.Of("(int x) => new { x }").Function.Assembly);
        Assert.NotEqual(first, Compiled.Of("(int x) => new { x }", "other").Function.Assembly);
        Assert.NotEqual(first, Compiled.Of("(int y) => new { y }").Function.Assembly);
    }

    [Fact]
    public void Nothing_of_a_text_runs()
    {
        Environment.SetEnvironmentVariable(Mark, null);
        var text = $$"""
            static class Early
            {
                static Early() => Environment.SetEnvironmentVariable("{{Mark}}", "static constructor");
                [System.Runtime.CompilerServices.ModuleInitializer] public static void Begin() => Environment.SetEnvironmentVariable("{{Mark}}", "module");
                public const string Name = nameof(Early);
            }
            (int x) => Early.Name
            """;
        Assert.NotNull(Compiled.Of(text).Function);
        Assert.Null(Environment.GetEnvironmentVariable(Mark));
    }

    [Fact]
    public void An_assembly_that_is_too_large_is_refused()
    {
        var types = string.Concat(Enumerable.Range(0, 1200).Select(static i => $"record R{i}(int A, string B);"));
        Assert.Contains("are taken at most", Assert.Single(Compiled.Of(types + "(int x) => x").Problems).Message, StringComparison.Ordinal);
    }
}
