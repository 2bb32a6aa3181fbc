using System.CommandLine;

namespace Cluster.Cli.Commands;

/// <summary>The option that has a lambda.</summary>
internal static class LambdaOption
{
    /// <param name="insteadOf">What it takes the place of, for the help text.</param>
    public static Option<string?> Create(string insteadOf) => new("--csharp")
    {
        Description = $"{insteadOf}: a lambda in C#, with the types of its parameters, such as '(int x) => x * x'. The coordinator has it compiled; it runs in workers.",
        HelpName = "LAMBDA",
        Validators =
        {
            static result =>
            {
                if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
                {
                    result.AddError("--csharp takes a lambda, such as '(int x) => x * x'.");
                }
            },
        },
    };
}
