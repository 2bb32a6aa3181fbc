namespace Cluster.Cli.Functions;

/// <summary>What the metadata of an assembly say about a method.</summary>
/// <param name="Assembly">Simple name of its assembly.</param>
/// <param name="Type">Reflection name of its type.</param>
/// <param name="Method">Its name.</param>
/// <param name="Token">Its metadata token.</param>
/// <param name="Parameters">Types of its parameters, as C# writes them; without a cancellation token at the end, which the cluster supplies.</param>
/// <param name="IsStatic">Whether it needs no object.</param>
/// <param name="IsGeneric">Whether it, or its type, has type parameters.</param>
/// <param name="IsCompilerMade">Whether nobody would call it by its name: accessors, operators, lambdas.</param>
internal sealed record FunctionSignature(
    string Assembly, string Type, string Method, int Token, IReadOnlyList<string> Parameters, bool IsStatic, bool IsGeneric, bool IsCompilerMade)
{
    public bool TakesText => Parameters is ["string"];

    public override string ToString() => $"{Type}.{Method}({string.Join(", ", Parameters)})";
}
