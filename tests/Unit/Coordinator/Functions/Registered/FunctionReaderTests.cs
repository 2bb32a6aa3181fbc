using System.Reflection;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Protocol.V1;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Unit.Coordinator.Functions.Registered;

/// <summary>What an assembly says of its functions, without being loaded.</summary>
public sealed class FunctionReaderTests
{
    [Fact]
    public void Attributes_and_comments_describe_functions()
    {
        using var xml = File.OpenRead(BuildOutput.Of("samples/Functions", "samples.xml"));
        using var dll = File.OpenRead(BuildOutput.Of("samples/Functions", "samples.dll"));
        var functions = FunctionReader.Read(dll, DocumentationFile.Read(xml));

        Assert.Equal(["WhereAmI", "power", "repeat", "share", "square", "wait", "words"], functions.Select(function => function.Function.Name));
        var power = functions[1];
        Assert.Equal(("Cluster.Samples.Functions.Numbers", "Power"), (power.Type, power.Method));
        Assert.Equal(6u, power.Token >> 24);
        Assert.Equal(("double", "Cluster.Samples.Functions.Numbers.Power"), (power.Function.Result, power.Function.Method));
        Assert.Equal("Raises a number to a power.", power.Function.Description);
        Assert.Equal([("x", "double", "The base."), ("exponent", "int", "0 or more.")], power.Function.Parameters.Select(parameter => (parameter.Name, parameter.Type, parameter.Description)));

        // An attribute speaks before a comment; tasks are what they yield; the cluster supplies the token; references in comments are read.
        Assert.Equal("Repeats a text so many times.", functions[2].Function.Description);
        Assert.Contains("see DivideByZeroException for", functions[3].Function.Description, StringComparison.Ordinal);
        Assert.Equal(("double", "seconds"), (functions[5].Function.Result, Assert.Single(functions[5].Function.Parameters).Name));
        Assert.Equal("Cluster.Samples.Functions.WordCount", functions[6].Function.Result);
    }

    [Fact]
    public void Without_comments_functions_are_there_all_the_same()
    {
        using var dll = File.OpenRead(BuildOutput.Of("samples/Functions", "samples.dll"));
        var square = FunctionReader.Read(dll, DocumentationFile.Empty).Single(function => function.Function.Name == "square");
        Assert.Equal("", square.Function.Description);
    }

    [Fact]
    public void Types_are_written_as_in_CSharp()
    {
        var function = Read(new EmittedAssembly().With("Price", "price", typeof(Task<Dictionary<string, int[]>>), typeof(int?), typeof(decimal), typeof(List<DateTime>), typeof(CancellationToken)))[0];
        Assert.Equal(["int?", "decimal", "System.Collections.Generic.List<System.DateTime>"], function.Function.Parameters.Select(parameter => parameter.Type));
        Assert.Equal("System.Collections.Generic.Dictionary<string, int[]>", function.Function.Result);
        Assert.Equal("void", Read(new EmittedAssembly().With("Price", "price", typeof(ValueTask)))[0].Function.Result);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "none", "Acme has no functions" },
        { "instance", "Acme.Prices.Price cannot be called by name: it is not static" },
        { "generic", "it is generic" },
        { "reference", "references or pointers" },
        { "many", "takes 8 arguments" },
        { "twice", "Two methods are called 'price': Acme.Prices.Price and Acme.Prices.Again" },
        { "name", "cannot be called 'a/b'" },
        { "text", "not a .NET assembly" },
        { "half", "not a .NET assembly" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_cannot_be_called_by_name_is_refused_with_the_reason(string what, string expected)
    {
        var content = what switch
        {
            "none" => new EmittedAssembly().With("Price", null, typeof(void)).ToArray(),
            "instance" => new EmittedAssembly().With("Price", "price", (MethodAttributes)0, typeof(void)).ToArray(),
            "generic" => new EmittedAssembly().WithGeneric("Price", "price").ToArray(),
            "reference" => new EmittedAssembly().With("Price", "price", typeof(void), typeof(int).MakeByRefType()).ToArray(),
            "many" => new EmittedAssembly().With("Price", "price", typeof(void), [.. Enumerable.Repeat(typeof(int), 8)]).ToArray(),
            "twice" => new EmittedAssembly().With("Price", "price", typeof(void)).With("Again", "price", typeof(void)).ToArray(),
            "name" => new EmittedAssembly().With("Price", "a/b", typeof(void)).ToArray(),
            "text" => "no assembly"u8.ToArray(),
            _ => new EmittedAssembly().With("Price", "price", typeof(void)).ToArray()[..600],
        };
        using var file = new MemoryStream(content);
        var refusal = Assert.Throws<RegistrationRejectedException>(() => FunctionReader.Read(file, DocumentationFile.Empty));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<doc><members>")]
    [InlineData("<!DOCTYPE doc [<!ENTITY a \"aaaa\">]><doc>&a;</doc>")]
    public void Documentation_that_is_none_or_a_trick_is_refused(string xml)
    {
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(xml));
        Assert.Throws<RegistrationRejectedException>(() => DocumentationFile.Read(file));
    }

    private static IReadOnlyList<FunctionRecord> Read(EmittedAssembly assembly)
    {
        using var file = new MemoryStream(assembly.ToArray());
        return FunctionReader.Read(file, DocumentationFile.Empty);
    }
}
