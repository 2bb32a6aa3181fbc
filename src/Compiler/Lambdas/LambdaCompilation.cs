using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Cluster.Compiler.Lambdas;

/// <summary>Compiles texts. The same text under the same name gives the same bytes. Nothing of it runs.</summary>
/// <param name="references">What texts may use.</param>
/// <param name="maxAssemblyBytes">The largest assembly that may come of one.</param>
internal sealed class LambdaCompilation(ImmutableArray<MetadataReference> references, int maxAssemblyBytes)
{
    private const string NoType = "CS8917";

    // Of a class that the compiler makes for lambdas that capture nothing.
    private const string Closure = "<>c";

    // For debugging, so that every statement can be told from the others in a stack. The worker optimizes all the same: LambdaSource says so.
    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Debug,
        deterministic: true,
        concurrentBuild: false,
        generalDiagnosticOption: ReportDiagnostic.Suppress,
        nullableContextOptions: NullableContextOptions.Annotations);

    /// <summary>Compiles a text.</summary>
    public CompileReply Compile(CompileRequest request)
    {
        var problems = new ProblemList();
        var function = Compile(request, problems);
        return problems.IsEmpty ? new CompileReply { Function = function } : problems.ToReply();
    }

    private CompiledFunction? Compile(CompileRequest request, ProblemList problems)
    {
        if (LambdaText.Parse(request.Text, problems) is not { } text)
        {
            return null;
        }

        var program = LambdaSource.Compose(text);
        var compilation = CSharpCompilation.Create(request.Assembly, [LambdaSource.Usings, program], references, Options);
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        foreach (var error in emitted.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            Report(error, text, problems);
        }

        if (!problems.IsEmpty)
        {
            return null;
        }

        if (LambdaSource.Find(program, text) is not { } lambda || compilation.GetSemanticModel(program).GetSymbolInfo(lambda).Symbol is not IMethodSymbol symbol)
        {
            problems.Add(text.Text, text.Parts[^1].Start, "This is more than one lambda. Write one, such as (int x) => x * x.");
            return null;
        }

        if (image.Length > maxAssemblyBytes)
        {
            problems.Add(text.Text, 0, string.Create(
                CultureInfo.InvariantCulture, $"The assembly has {image.Length} bytes, and {maxAssemblyBytes} are taken at most. Push larger code as a file (cluster push)."));
            return null;
        }

        var description = LambdaShape.Describe(symbol, text, problems);
        var (method, token) = FindMethod(image);
        return new CompiledFunction
        {
            Assembly = UnsafeByteOperations.UnsafeWrap(image.GetBuffer().AsMemory(0, (int)image.Length)),
            Description = description,
            Type = $"{LambdaSource.Type}+{Closure}",
            Method = method,
            Token = (uint)token,
        };
    }

    private static void Report(Diagnostic error, LambdaText text, ProblemList problems)
    {
        if (error.Id == NoType)
        {
            problems.Add(text.Text, text.Parts[^1].Start, "The compiler cannot tell what the lambda returns. Say it: int (string x) => …");
            return;
        }

        problems.Add(error);
    }

    // The compiler numbers the lambdas of a method as it comes upon them: the outermost is the first.
    private static (string Name, int Token) FindMethod(MemoryStream image)
    {
        using var file = new PEReader(new MemoryStream(image.GetBuffer(), 0, (int)image.Length, writable: false));
        var metadata = file.GetMetadataReader();
        foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Where(type => metadata.StringComparer.Equals(type.Name, Closure)))
        {
            if (!metadata.StringComparer.Equals(metadata.GetTypeDefinition(type.GetDeclaringType()).Name, LambdaSource.Type))
            {
                continue;
            }

            foreach (var method in type.GetMethods())
            {
                var name = metadata.GetString(metadata.GetMethodDefinition(method).Name);
                if (name.StartsWith($"<{LambdaSource.Method}>b__", StringComparison.Ordinal) && name.EndsWith("_0", StringComparison.Ordinal))
                {
                    return (name, MetadataTokens.GetToken(method));
                }
            }
        }

        throw new InvalidOperationException("The compiler did not put the lambda where it puts lambdas.");
    }
}
