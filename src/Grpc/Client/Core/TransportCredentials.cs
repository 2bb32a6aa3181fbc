namespace Grpc.Core;

internal sealed class TransportCredentials(bool isSecure, CallCredentials? callCredentials) : ChannelCredentials
{
    internal override bool IsSecure => isSecure;

    internal override CallCredentials? CallCredentials => callCredentials;
}
