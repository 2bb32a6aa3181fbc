using System.Reflection;
using System.Runtime.Loader;
using Cluster.Compiler;
using Cluster.Compiler.Lambdas;
using Cluster.Protocol.V1;
using Xunit;

namespace Cluster.Unit.Compiler;

/// <summary>Texts that are compiled here, and what comes of them when they run, which is in this process only in tests.</summary>
internal static class Compiled
{
    private const int MaxAssemblyBytes = 1 << 20;

    private static readonly LambdaCompilation Compiler = new(PlatformReferences.Find(AppContext.BaseDirectory), MaxAssemblyBytes);

    public static CompileReply Of(string text, string assembly = "lambda") => Compiler.Compile(new CompileRequest { Text = text, Assembly = assembly });

    /// <summary>The problems as <c>1:12 CS0103</c>.</summary>
    public static string[] ProblemsOf(string text)
    {
        var reply = Of(text);
        Assert.Null(reply.Function);
        return [.. reply.Problems.Select(static problem => $"{problem.Line}:{problem.Column} {problem.Code}".TrimEnd())];
    }

    /// <summary>Calls the lambda as a worker does: the method by its token, on an object that was never constructed.</summary>
    public static object? Run(string text, params object?[] arguments)
    {
        var function = Of(text).Function;
        Assert.NotNull(function);
        var context = new AssemblyLoadContext("lambda", isCollectible: true);
        try
        {
            var assembly = context.LoadFromStream(new MemoryStream(function.Assembly.ToByteArray()));
            var method = (MethodInfo)assembly.ManifestModule.ResolveMethod((int)function.Token)!;
            Assert.Equal((function.Type, function.Method), (method.DeclaringType!.FullName, method.Name));
            return method.Invoke(System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(method.DeclaringType), arguments);
        }
        finally
        {
            context.Unload();
        }
    }
}
