namespace Cluster.Cli.Functions;

/// <summary>A function as the user names it: <c>Namespace.Type.Method</c>, with parameter types where it is overloaded: <c>Type.Method(int,string)</c>.</summary>
/// <param name="Type">Full name of the type. Nested types are separated by <c>+</c> or <c>.</c></param>
/// <param name="Method">Name of the method.</param>
/// <param name="Parameters">Types of the parameters, as C# writes them; null: any.</param>
internal sealed record FunctionName(string Type, string Method, IReadOnlyList<string>? Parameters)
{
    /// <exception cref="UsageException">There is no type or no method in it.</exception>
    public static FunctionName Parse(string text)
    {
        var name = text;
        IReadOnlyList<string>? parameters = null;
        if (text.EndsWith(')') && text.IndexOf('(', StringComparison.Ordinal) is var open and > 0)
        {
            name = text[..open];
            parameters = text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        }

        var dot = name.LastIndexOf('.');
        return dot > 0 && dot < name.Length - 1
            ? new FunctionName(name[..dot], name[(dot + 1)..], parameters)
            : throw new UsageException($"'{text}' names no function. Write it as Namespace.Type.Method, such as Company.App.Math.Square.");
    }

    public override string ToString() => Parameters is null ? $"{Type}.{Method}" : $"{Type}.{Method}({string.Join(", ", Parameters)})";
}
