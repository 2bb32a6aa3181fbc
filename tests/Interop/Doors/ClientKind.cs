namespace Cluster.Interop.Doors;

/// <summary>Who calls.</summary>
public enum ClientKind
{
    /// <summary>`buf curl`.</summary>
    Buf,

    /// <summary>grpcio.</summary>
    Python,
}
