using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cluster.Client.Commands;

/// <summary>An item of a job with a command, as the coordinator writes it.</summary>
/// <param name="Command">The command, with places.</param>
/// <param name="Item">The item; text stands as it is, everything else as JSON.</param>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Stdin">Whether the program reads it from its stdin.</param>
/// <param name="Shell">Whether the command is a line for a shell.</param>
internal sealed record AdHocCommandItem(
    [property: JsonPropertyName("command")] IReadOnlyList<string> Command,
    [property: JsonPropertyName("item")] JsonElement Item,
    [property: JsonPropertyName("index")] long Index,
    [property: JsonPropertyName("stdin")] bool Stdin,
    [property: JsonPropertyName("shell")] bool Shell);
