namespace Cluster.Interop.Doors.Callers;

/// <summary>Where a caller that knows nothing of the cluster gets its descriptors from.</summary>
public enum SchemaSource
{
    /// <summary>From the .proto files.</summary>
    Files,

    /// <summary>From the server.</summary>
    Reflection,

    /// <summary>From the server, by the older protocol.</summary>
    ReflectionAlpha,
}
