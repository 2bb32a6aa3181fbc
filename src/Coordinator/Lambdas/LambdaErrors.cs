using System.Globalization;
using System.Text;
using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Lambdas;

/// <summary>What is wrong with a text, as people read it: a line for each problem, as many as a status has room for. Pure.</summary>
internal static class LambdaErrors
{
    // Statuses are headers, and this is in them twice, once in base64; clients take 8 KiB.
    private const int MaxBytes = 1400;

    /// <summary>The lines, such as <c>line 1, column 12: CS0103: The name 'y' does not exist in the current context</c>; the last one says how many there was no room for.</summary>
    public static IReadOnlyList<string> Lines(CompileReply reply)
    {
        List<string> lines = [];
        var room = MaxBytes;
        foreach (var problem in reply.Problems)
        {
            var line = Line(problem);
            room -= Cost(line);
            if (room < 0 && lines.Count > 0)
            {
                break;
            }

            lines.Add(line);
        }

        var more = reply.Problems.Count - lines.Count + reply.MoreProblems;
        if (more > 0)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {more} more"));
        }

        return lines;
    }

    /// <summary>All of it.</summary>
    public static string Message(IReadOnlyList<string> lines) =>
        lines is [var only] ? $"`csharp` does not compile: {only}" : $"`csharp` does not compile:\n{string.Join('\n', lines)}";

    private static string Line(CompileProblem problem)
    {
        var place = problem.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"line {problem.Line}, column {problem.Column}: ");
        return $"{place}{(problem.Code.Length == 0 ? "" : $"{problem.Code}: ")}{problem.Message}";
    }

    // Other letters than those of ASCII travel as three characters for each byte.
    private static int Cost(string line) => line.Sum(static letter => char.IsAscii(letter) ? 1 : 0) + (3 * (Encoding.UTF8.GetByteCount(line) - line.Count(char.IsAscii)));
}
