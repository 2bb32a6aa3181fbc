using Cluster.Protocol.V1;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Cluster.Compiler.Lambdas;

/// <summary>What a lambda takes and gives, as jobs can.</summary>
internal static class LambdaShape
{
    // As the coordinator's FunctionReader has it for functions that are called by name.
    private const int MaxParameters = 7;

    private static readonly SymbolDisplayFormat Names = SymbolDisplayFormat.MinimallyQualifiedFormat;

    /// <summary>Describes a lambda.</summary>
    /// <param name="lambda">The lambda.</param>
    /// <param name="text">The caller's text.</param>
    /// <param name="problems">Where it goes what of it cannot travel.</param>
    public static RegisteredFunction Describe(IMethodSymbol lambda, LambdaText text, ProblemList problems)
    {
        var start = text.Parts[^1].Start;
        var parameters = lambda.Parameters;
        if (parameters is [.., { Type: { Name: "CancellationToken", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } } }])
        {
            parameters = parameters.RemoveAt(parameters.Length - 1);
        }

        if (parameters.Length > MaxParameters)
        {
            problems.Add(text.Text, start, $"The lambda takes {parameters.Length} arguments, and items are spread over {MaxParameters} at most. Take an array, a tuple or a type of your own.");
        }

        foreach (var parameter in parameters)
        {
            if (parameter.RefKind != RefKind.None || IsReference(parameter.Type))
            {
                problems.Add(text.Text, PlaceOf(parameter, text), $"{parameter.Name} is a reference, a pointer or a span, which does not travel. Take a value or an array.");
            }
        }

        if (lambda.RefKind != RefKind.None || IsReference(lambda.ReturnType))
        {
            problems.Add(text.Text, start, "The lambda returns a reference, a pointer or a span, which does not travel. Return a value or an array.");
        }

        return new RegisteredFunction
        {
            Name = LambdaSource.Path,
            Parameters = { parameters.Select(static parameter => new FunctionParameter { Name = parameter.Name, Type = parameter.Type.ToDisplayString(Names) }) },
            Result = Result(lambda),
        };
    }

    private static string Result(IMethodSymbol lambda)
    {
        if (lambda.ReturnsVoid)
        {
            return "void";
        }

        return lambda.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { Name: "Tasks", ContainingNamespace.Name: "Threading" } } task
            ? task.TypeArguments is [var result] ? result.ToDisplayString(Names) : "void"
            : lambda.ReturnType.ToDisplayString(Names);
    }

    private static bool IsReference(ITypeSymbol type) => type.IsRefLikeType || type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer;

    private static int PlaceOf(IParameterSymbol parameter, LambdaText text)
    {
        var place = parameter.Locations[0].GetMappedLineSpan().StartLinePosition;
        return text.Text.Lines.GetPosition(new LinePosition(place.Line, place.Character));
    }
}
