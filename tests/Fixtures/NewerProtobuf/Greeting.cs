namespace Google.Protobuf;

public sealed class Greeting : IMessage
{
    public static int Measure(Greeting greeting) => greeting.CalculateSize();

    public static int Count(int items) => items + 1;

    public int CalculateSize() => 0;
}
