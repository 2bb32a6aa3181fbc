namespace Cluster.Interop.Doors.Callers;

/// <summary>A call to make.</summary>
/// <param name="Door">Through which door.</param>
/// <param name="Token">What to show there; null: nothing.</param>
/// <param name="Schema">Where the descriptors come from.</param>
/// <param name="Method">Such as <c>cluster.v1.Jobs/Map</c>.</param>
/// <param name="Messages">JSON.</param>
/// <param name="StaysOpen">Whether the caller's side of the stream stays open, until the call is given up.</param>
internal sealed record CallOrder(Door Door, string? Token, SchemaSource Schema, string Method, IReadOnlyList<string> Messages, bool StaysOpen = false);
