using System.Text.Json.Serialization;

namespace Cluster.Client.Commands;

/// <summary>How a program ended, for people.</summary>
/// <param name="ExitCode">Its exit code; −<i>signal</i> where a signal ended it.</param>
/// <param name="Stdout">What it wrote, as UTF-8.</param>
/// <param name="Stderr">What it wrote, as UTF-8.</param>
/// <param name="Node">Where it ran.</param>
/// <param name="Seconds">How long.</param>
internal sealed record AdHocCommandResult(
    [property: JsonPropertyName("exit_code")] int ExitCode,
    [property: JsonPropertyName("stdout")] string Stdout,
    [property: JsonPropertyName("stderr")] string Stderr,
    [property: JsonPropertyName("node")] string Node,
    [property: JsonPropertyName("seconds")] double Seconds);
