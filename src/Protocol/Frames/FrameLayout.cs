namespace Cluster.Protocol.Frames;

/// <summary>The fixed part of a frame: the length of what follows and the length of the header, both little-endian uint32.</summary>
internal static class FrameLayout
{
    public const int LengthBytes = sizeof(uint);

    public const int PrefixBytes = 2 * LengthBytes;
}
