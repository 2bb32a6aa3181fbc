using Cluster.Coordinator.Objects.Requests;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects;

/// <summary>An operation that is added to the contract has to be added to the table, and to the object that executes it.</summary>
public sealed class OperationTests
{
    public static TheoryData<string> Operations() => [.. ObjectRequest.Descriptor.Oneofs.Single(oneof => oneof.Name == "operation").Fields.Select(field => field.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_is_known_and_executed_by_every_kind_that_it_suits_and_refused_by_all_others(string name)
    {
        var field = ObjectRequest.Descriptor.FindFieldByName(name);
        var operation = Operation.Of((ObjectRequest.OperationOneofCase)field.FieldNumber);
        Assert.NotNull(operation);
        if (operation.Value.Kinds == ObjectKinds.None)
        {
            return;
        }

        using var objects = new ObjectHarness();
        var me = objects.Session();
        var suited = 0;
        foreach (var kind in Enum.GetValues<ObjectKind>().Where(kind => kind != ObjectKind.Unspecified))
        {
            var open = new ObjectOpen { Kind = kind };
            if (kind == ObjectKind.Barrier)
            {
                open.Barrier = new BarrierOptions { Parties = 2 };
            }
            else if (kind == ObjectKind.Array)
            {
                open.Cells = new CellOptions { Length = 1 };
            }

            var request = new ObjectRequest();
            field.Accessor.SetValue(request, field.MessageType.Parser.ParseFrom(ByteString.Empty));
            // Whatever it says to an empty request, it says something of its own.
            var number = objects.Send(me, objects.Open(me, open), request, timeout: 0);
            var reply = objects.Reply(me, number)!;
            Assert.Equal(operation.Value.Suits(kind), reply.Error?.Code != ObjectErrorCode.WrongKind);
            suited += operation.Value.Suits(kind) ? 1 : 0;
        }

        Assert.InRange(suited, 1, 2);
    }

    [Fact]
    public void A_request_without_an_operation_is_refused()
    {
        using var objects = new ObjectHarness();
        objects.Refused(objects.Session(), 0, new ObjectRequest(), ObjectErrorCode.Invalid);
    }
}
