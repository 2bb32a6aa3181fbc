using System.Globalization;
using Cluster.Protocol.V1;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Cluster.Compiler.Lambdas;

/// <summary>What is wrong with a text, by position; bounded.</summary>
internal sealed class ProblemList
{
    private const int MaxProblems = 50;
    private const int MaxMessage = 300;

    private readonly List<CompileProblem> _problems = [];

    public bool IsEmpty => _problems.Count == 0;

    /// <summary>What the caller gets.</summary>
    public CompileReply ToReply()
    {
        var ordered = _problems.Distinct().OrderBy(static problem => problem.Line).ThenBy(static problem => problem.Column).ToArray();
        return new CompileReply { Problems = { ordered.Take(MaxProblems) }, MoreProblems = (uint)Math.Max(0, ordered.Length - MaxProblems) };
    }

    /// <summary>Something that only the cluster objects to.</summary>
    /// <param name="text">The caller's text.</param>
    /// <param name="position">Where in it.</param>
    /// <param name="message">What, and what to write.</param>
    public void Add(SourceText text, int position, string message) => Add(text.Lines.GetLinePosition(Math.Clamp(position, 0, text.Length)), "", message);

    /// <summary>Something that the compiler objects to, of which the position is known.</summary>
    public void Add(SourceText text, int position, Diagnostic diagnostic) =>
        Add(text.Lines.GetLinePosition(Math.Clamp(position, 0, text.Length)), diagnostic.Id, MessageOf(diagnostic));

    /// <summary>Something that the compiler objects to in a program that has the text.</summary>
    public void Add(Diagnostic diagnostic)
    {
        var place = diagnostic.Location;
        if (place.SourceTree?.GetLineVisibility(place.SourceSpan.Start) == LineVisibility.Visible)
        {
            Add(place.GetMappedLineSpan().StartLinePosition, diagnostic.Id, MessageOf(diagnostic));
        }
        else
        {
            _problems.Add(new CompileProblem { Code = diagnostic.Id, Message = Shorten(MessageOf(diagnostic)) });
        }
    }

    private void Add(LinePosition position, string code, string message) => _problems.Add(
        new CompileProblem { Line = (uint)position.Line + 1, Column = (uint)position.Character + 1, Code = code, Message = Shorten(message) });

    private static string MessageOf(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    private static string Shorten(string message) => message.Length <= MaxMessage ? message : string.Concat(message.AsSpan(0, MaxMessage), "…");
}
