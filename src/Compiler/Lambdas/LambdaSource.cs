using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Cluster.Compiler.Lambdas;

/// <summary>Puts a caller's text into a program, where every character keeps its line and column: what the compiler says about it, and the stacks of its exceptions, count in the text.</summary>
internal static class LambdaSource
{
    /// <summary>What the text is called in messages and stacks.</summary>
    public const string Path = "csharp";

    /// <summary>The type that the lambda is in …</summary>
    public const string Type = "Lambda";

    /// <summary>… and the method that has it.</summary>
    public const string Method = "Text";

    // An exception's stack names the lambda and its line only where the lambda has a frame of its own.
    private const string Opening = "[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]\n";

    private const string Closing = "\n#line hidden\n;}\n";

    private static readonly string[] Namespaces =
    [
        "System", "System.Collections.Concurrent", "System.Collections.Generic", "System.Diagnostics", "System.Globalization", "System.IO", "System.Linq", "System.Net.Http", "System.Numerics",
        "System.Security.Cryptography", "System.Text", "System.Text.Json", "System.Text.Json.Nodes", "System.Text.RegularExpressions", "System.Threading", "System.Threading.Tasks", "Cluster.Client",
    ];

    // In place of the attribute with which the compiler would have the runtime optimize nothing.
    private const string Optimized = "[assembly: System.Diagnostics.Debuggable(System.Diagnostics.DebuggableAttribute.DebuggingModes.IgnoreSymbolStoreSequencePoints)]\n";

    /// <summary>What every text may use without saying so.</summary>
    public static SyntaxTree Usings { get; } = CSharpSyntaxTree.ParseText(
        $"{string.Concat(Namespaces.Select(static name => $"global using {name};\n"))}{Optimized}", LambdaText.Options, encoding: Encoding.UTF8);

    /// <summary>The program.</summary>
    public static SyntaxTree Compose(LambdaText text)
    {
        var source = new StringBuilder();
        for (var i = 0; i < text.Parts.Length; i++)
        {
            var part = text.Parts[i];
            var isLambda = i == text.Parts.Length - 1;
            if (isLambda)
            {
                source.Append("#line hidden\n").Append(CultureInfo.InvariantCulture, $"public static class {Type} {{ public static System.Delegate {Method}() =>\n{Opening}");
            }

            var place = text.Text.Lines.GetLinePosition(part.Start);
            source.Append(CultureInfo.InvariantCulture, $"#line {place.Line + 1} \"{Path}\"\n").Append(' ', place.Character).Append(text.Text.ToString(part)).Append(isLambda ? Closing : "\n");
        }

        return CSharpSyntaxTree.ParseText(source.ToString(), LambdaText.Options, "program", Encoding.UTF8);
    }

    /// <summary>Finds the lambda in the program again.</summary>
    /// <returns>Null: it is not where it was put, alone and whole.</returns>
    public static LambdaExpressionSyntax? Find(SyntaxTree program, LambdaText text)
    {
        var end = program.Length - Closing.Length;
        var holder = program.GetCompilationUnitRoot().Members.OfType<ClassDeclarationSyntax>().LastOrDefault();
        return holder is { Identifier.Text: Type, Members: [MethodDeclarationSyntax { ExpressionBody.Expression: LambdaExpressionSyntax lambda }] }
            && lambda.Span.End == end && lambda.ArrowToken.SpanStart > end - text.Parts[^1].Length
            ? lambda
            : null;
    }
}
