using Cluster.Protocol.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Cluster.Unit.Coordinator.Objects.Properties;

/// <summary>Requests of every kind with little in them, so that they often meet the same keys, items and owners.</summary>
internal sealed class RandomRequests(Random random)
{
    private static readonly IList<FieldDescriptor> Operations = ObjectRequest.Descriptor.Oneofs.Single(oneof => oneof.Name == "operation").Fields;

    /// <summary>A request for one of the objects, all of which exist or did.</summary>
    public ObjectRequest Next(IReadOnlyList<(ulong Id, ObjectKind Kind)> targets, ulong numbers)
    {
        var operation = Operations[random.Next(Operations.Count)];
        var request = new ObjectRequest();
        operation.Accessor.SetValue(request, Fill(operation.MessageType));
        if (request.OperationCase == ObjectRequest.OperationOneofCase.Cancel)
        {
            request.Cancel.Request = (ulong)random.NextInt64((long)numbers + 1);
        }

        if (request.OperationCase is ObjectRequest.OperationOneofCase.Delete && random.Next(20) != 0)
        {
            // Otherwise nothing would live for long.
            return Next(targets, numbers);
        }

        var operationKinds = Cluster.Coordinator.Objects.Requests.Operation.Of(request.OperationCase)!.Value;
        var fitting = targets.Where(target => operationKinds.Suits(target.Kind)).ToList();
        request.Object = fitting.Count > 0 && random.Next(20) != 0 ? fitting[random.Next(fitting.Count)].Id : (ulong)random.Next(12);
        if (random.Next(2) == 0)
        {
            request.Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(random.Next(4)));
        }

        if (random.Next(15) == 0)
        {
            request.Fence = new Fence { Lock = (ulong)random.Next(12), Token = (ulong)random.Next(4) };
        }

        return request;
    }

    private IMessage Fill(MessageDescriptor descriptor)
    {
        var message = descriptor.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            if (random.Next(3) == 0 && !field.IsRepeated && field.FieldType != FieldType.Message)
            {
                continue;
            }

            if (field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                for (var i = random.Next(4); i > 0; i--)
                {
                    list.Add(Value(field));
                }
            }
            else if (field.FieldType != FieldType.Message || random.Next(10) != 0)
            {
                field.Accessor.SetValue(message, Value(field));
            }
        }

        return message;
    }

    private object Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message when field.MessageType == Payload.Descriptor => random.Next(3) == 0 ? Text.Int(random.Next(3)) : Text.Json($"{random.Next(3)}"),
        FieldType.Message when field.MessageType == Duration.Descriptor => Duration.FromTimeSpan(TimeSpan.FromSeconds(random.Next(1, 9))),
        FieldType.Message => Fill(field.MessageType),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, random.Next(field.EnumType.Values.Count)),
        FieldType.String => random.Next(3) == 0 ? "" : $"name-{random.Next(4)}",
        FieldType.Bytes => ByteString.CopyFrom((byte)random.Next(3)),
        FieldType.Bool => random.Next(4) == 0,
        FieldType.UInt32 => (uint)random.Next(4),
        FieldType.UInt64 => (ulong)random.Next(8),
        FieldType.SInt64 => (long)random.Next(-4, 5),
        FieldType.Double => random.Next(-4, 5) / 2.0,
        _ => throw new NotSupportedException($"{field.FullName} has a type that this does not know yet: {field.FieldType}."),
    };
}
