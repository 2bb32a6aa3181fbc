namespace Google.Protobuf;

public interface IMessage
{
    int CalculateSize();
}
