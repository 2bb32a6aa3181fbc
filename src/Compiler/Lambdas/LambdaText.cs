using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Cluster.Compiler.Lambdas;

/// <summary>
/// The parts of a caller's text: <c>using</c> lines, then declarations of types, then one lambda. That it has these parts and nothing else is what keeps text that is put into a
/// program where it was put.
/// </summary>
/// <param name="Text">All of it.</param>
/// <param name="Parts">Where its parts are, the lambda last.</param>
internal sealed record LambdaText(SourceText Text, ImmutableArray<TextSpan> Parts)
{
    private const string Expected = "Write one lambda, such as (int x) => x * x. Only `using` lines and then declarations of types may come before it.";

    /// <summary>How texts are read, alone and as part of a program.</summary>
    public static CSharpParseOptions Options { get; } = new(LanguageVersion.CSharp14, DocumentationMode.None);

    /// <summary>Takes a text apart.</summary>
    /// <param name="text">The caller's text.</param>
    /// <param name="problems">Where what is wrong with it goes.</param>
    /// <returns>Null: it has problems.</returns>
    public static LambdaText? Parse(string text, ProblemList problems)
    {
        var source = SourceText.From(text);
        var script = CSharpSyntaxTree.ParseText(source, Options.WithKind(SourceCodeKind.Script));
        var root = script.GetCompilationUnitRoot();
        if (root.ContainsDirectives)
        {
            foreach (var directive in root.DescendantTrivia(descendIntoTrivia: false).Where(static trivia => trivia.IsDirective))
            {
                problems.Add(source, directive.Span.Start, "Lines that begin with # are not for lambdas.");
            }

            return null;
        }

        List<SyntaxNode> before = [.. root.Usings, .. root.Members.TakeWhile(static member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)];
        foreach (var error in before.SelectMany(static node => node.GetDiagnostics()).Where(IsError))
        {
            problems.Add(source, error.Location.SourceSpan.Start, error);
        }

        return problems.IsEmpty ? ParseLambda(source, text, before, problems) : null;
    }

    private static LambdaText? ParseLambda(SourceText source, string text, List<SyntaxNode> before, ProblemList problems)
    {
        var start = before.LastOrDefault()?.Span.End ?? 0;
        var parsed = SyntaxFactory.ParseExpression(text, start, Options, consumeFullText: false);
        var lambda = parsed as LambdaExpressionSyntax;
        if (lambda is null)
        {
            problems.Add(source, start + parsed.Span.Start, $"This is no lambda. {Expected}");
        }

        foreach (var error in parsed.GetDiagnostics().Where(IsError))
        {
            problems.Add(source, start + error.Location.SourceSpan.Start, error);
        }

        if (problems.IsEmpty && Rest(text, start + parsed.FullSpan.End) is { } rest)
        {
            problems.Add(source, rest, "The lambda ends before this, and nothing may follow it.");
        }

        foreach (var parameter in lambda is null ? [] : Parameters(lambda).Where(static parameter => parameter.Type is null))
        {
            var name = parameter.Identifier.Text;
            problems.Add(
                source,
                start + parameter.Span.Start,
                $"Say of which type {name} is: (int {name}) => …; double, string, bool, int[], List<string>, Dictionary<string, double>, (int, string) and so on, or JsonElement for any JSON.");
        }

        return problems.IsEmpty ? new LambdaText(source, [.. before.Select(static node => node.Span), new TextSpan(start + parsed.SpanStart, parsed.Span.Length)]) : null;
    }

    private static ParameterSyntax[] Parameters(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => [simple.Parameter],
        ParenthesizedLambdaExpressionSyntax several => [.. several.ParameterList.Parameters],
        _ => [],
    };

    // What follows the lambda, beside a semicolon.
    private static int? Rest(string text, int end)
    {
        var token = SyntaxFactory.ParseTokens(text, end, initialTokenPosition: end, options: Options).SkipWhile(static token => token.IsKind(SyntaxKind.SemicolonToken)).First();
        return token.IsKind(SyntaxKind.EndOfFileToken) ? null : token.SpanStart;
    }

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;
}
