using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cluster.Client;
using Cluster.Client.Functions;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Client.Detached;

/// <summary>With which types a function may be called of which only the name is known.</summary>
public sealed class TypeFitTests
{
    [Theory]
    [InlineData(typeof(int), "int", true)]
    [InlineData(typeof(int), "long", false)]
    [InlineData(typeof(int), "int?", false)]
    [InlineData(typeof(string), "int", false)]
    [InlineData(typeof(int[]), "int[]", true)]
    [InlineData(typeof(int[]), "System.Collections.Generic.List<int>", false)]
    [InlineData(typeof(List<int>), "int[]", true)]
    [InlineData(typeof(List<int>), "int", false)]
    [InlineData(typeof(Dictionary<string, int>), "Acme.Order", true)]
    [InlineData(typeof(Own), "Acme.Order", true)]
    [InlineData(typeof(Own), "void", false)]
    [InlineData(typeof(object), "void", true)]
    [InlineData(typeof(JsonElement), "int", true)]
    [InlineData(typeof(JsonObject), "Acme.Order", true)]
    [InlineData(typeof(Guid), "System.Guid", true)]
    [InlineData(typeof(Guid), "string", false)]
    public void Types_of_dotnet_are_the_same_and_those_of_programs_only_alike(Type local, string remote, bool fits) => Assert.Equal(fits, TypeFit.Fits(local, remote));

    [Theory]
    [InlineData(typeof(int), true)]
    [InlineData(typeof((int, string)), true)]
    [InlineData(typeof(Dictionary<string, int[]>), true)]
    [InlineData(typeof(Own), false)]
    [InlineData(typeof(List<Own>), false)]
    [InlineData(typeof(OwnStruct[]), false)]
    [InlineData(typeof(object), false)]
    [InlineData(typeof(List<object>), false)]
    [InlineData(typeof(JsonElement), false)]
    public void Only_types_of_dotnet_travel_in_their_own_layout(Type type, bool native) => Assert.Equal(native, TypeFit.IsNative(type));

    // What a program writes of a type that it has loaded, and what the coordinator reads in metadata.
    [Fact]
    public void Types_are_written_as_in_signatures()
    {
        using var file = new PEReader(File.OpenRead(typeof(TypeFitTests).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var type = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Single(type => metadata.GetString(type.Name) == nameof(Signatures));
        var method = metadata.GetMethodDefinition(type.GetMethods().Single(method => metadata.GetString(metadata.GetMethodDefinition(method).Name) == nameof(Signatures.Many)));
        var written = method.DecodeSignature(CSharpTypeNames.Instance, genericContext: null).ParameterTypes;
        Assert.Equal(written, typeof(Signatures).GetMethod(nameof(Signatures.Many), BindingFlags.Static | BindingFlags.Public)!.GetParameters().Select(parameter => CSharpTypeText.Of(parameter.ParameterType)));
    }

    [Fact]
    public void A_call_that_does_not_fit_says_what_the_function_takes()
    {
        Assert.Contains("takes 2 argument(s), and was called with 1. Write Function<double, int, string>(\"a/b\").", Refusal([typeof(int)], typeof(int)), StringComparison.Ordinal);
        Assert.Contains("a/b(double x, int n) → string takes int as 'n', and was called with long.", Refusal([typeof(double), typeof(long)], typeof(string)), StringComparison.Ordinal);
        Assert.Contains("returns string, and was called for int.", Refusal([typeof(double), typeof(int)], typeof(int)), StringComparison.Ordinal);

        var spec = new JobSpec { Detach = new Detachment() };
        new NamedTarget("a/b", [typeof(double), typeof(int)], typeof(string)).Bind(spec, Found());
        Assert.Equal(("Acme.B", Format.Unspecified, "a/b", "string"), (spec.Function.Type, spec.ResultFormat, spec.Detach.Function, spec.Detach.ResultType));
        new NamedTarget("a/b", [typeof(double), typeof(int)], typeof(JsonElement)).Bind(spec, Found());
        Assert.Equal(Format.Json, spec.ResultFormat);
        Assert.Throws<FunctionNotShippableException>(() => new NamedTarget("a/b", [typeof(Stream)], typeof(int)));
    }

    private static string Refusal(Type[] parameters, Type result) =>
        Assert.Throws<RegisteredFunctionException>(() => new NamedTarget("a/b", parameters, result).Bind(new JobSpec(), Found())).Message;

    private static FindFunctionReply Found() => new()
    {
        Description = new RegisteredFunction { Parameters = { new FunctionParameter { Name = "x", Type = "double" }, new FunctionParameter { Name = "n", Type = "int" } }, Result = "string" },
        Function = new Function { Type = "Acme.B" },
    };

    public sealed record Own(int X);

    public struct OwnStruct
    {
        public int X { get; set; }
    }

    public static class Signatures
    {
        public static void Many(
            bool a, char b, sbyte c, byte d, short e, ushort f, int g, uint h, long i, ulong j, float k, double l, decimal m, string n, object o, nint p, int? q, int[] r, int[,] s, (int, string) t,
            Dictionary<string, List<int?>> u, Guid v, DateTimeOffset w, Own x, OwnStruct[] y, Dictionary<int, string>.KeyCollection z, ImmutableArray<Own> aa)
        {
            // Nobody calls it.
        }
    }
}
