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

    private static readonly string[] Namespaces =
    [
        "System", "System.Collections.Concurrent", "System.Collections.Generic", "System.Diagnostics", "System.Globalization", "System.IO", "System.Linq", "System.Net.Http", "System.Numerics",
        "System.Security.Cryptography", "System.Text", "System.Text.Json", "System.Text.Json.Nodes", "System.Text.RegularExpressions", "System.Threading", "System.Threading.Tasks", "Cluster.Client",
    ];

    /// <summary>What every text may use without saying so.</summary>
    public static SyntaxTree Usings { get; } =
        CSharpSyntaxTree.ParseText(string.Concat(Namespaces.Select(static name => $"global using {name};\n")), LambdaText.Options, encoding: Encoding.UTF8);

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
                source.Append("#line hidden\n").Append(CultureInfo.InvariantCulture, $"public static class {Type} {{ public static System.Delegate {Method}() =>\n");
            }

            var place = text.Text.Lines.GetLinePosition(part.Start);
            source.Append(CultureInfo.InvariantCulture, $"#line {place.Line + 1} \"{Path}\"\n").Append(' ', place.Character).Append(text.Text.ToString(part)).Append('\n');
            if (isLambda)
            {
                source.Append("#line hidden\n;}\n");
            }
        }

        // Another path: what is wrong outside of the text has no place in it.
        return CSharpSyntaxTree.ParseText(source.ToString(), LambdaText.Options, "program", Encoding.UTF8);
    }

    /// <summary>Finds the lambda in the program again.</summary>
    /// <returns>Null: it is not where it was put, alone and whole.</returns>
    public static LambdaExpressionSyntax? Find(SyntaxTree program, LambdaText text)
    {
        var holder = program.GetCompilationUnitRoot().Members.OfType<ClassDeclarationSyntax>().LastOrDefault();
        return holder is { Identifier.Text: Type, Members: [MethodDeclarationSyntax { ExpressionBody.Expression: LambdaExpressionSyntax lambda }] } && lambda.Span.Length == text.Parts[^1].Length
            ? lambda
            : null;
    }
}
