using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Cells;

/// <summary>A value or an array: cells of fixed number and type.</summary>
internal sealed class CellsObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly ICells _cells = created.Cells.Numeric == NumericType.Unspecified
        ? new PayloadCells((int)created.Cells.Length)
        : new NumberCells(created.Cells.Numeric, (int)created.Cells.Length);

    private int _restored;

    public override ulong Count => (ulong)_cells.Length;

    public override IReadOnlyList<WaitLine> Lines => [];

    /// <summary>Fills the cells with what their options say.</summary>
    public void Fill(IReadOnlyList<Payload> initial)
    {
        if (initial.Count == 1 && _cells.Measure(initial) == 1)
        {
            for (var i = 0; i < _cells.Length; i++)
            {
                _cells.Set(i, initial[0]);
            }
        }
        else
        {
            _cells.SetSlice(0, initial);
        }

        Charge(_cells.Weigh(0, _cells.Length));
    }

    public override long Growth(ObjectRequest request) => _cells is NumberCells ? 0 : request.OperationCase switch
    {
        Case.CellSet => Growth(request.CellSet.Index, request.CellSet.Value),
        Case.CellExchange => Growth(request.CellExchange.Index, request.CellExchange.Value),
        Case.CellCompareExchange => Growth(request.CellCompareExchange.Index, request.CellCompareExchange.Value),
        Case.CellSetSlice => Bounds.Index(request.CellSetSlice.Start, _cells.Length) is { } start && start + request.CellSetSlice.Values.Count <= _cells.Length
            ? (request.CellSetSlice.Values.Count * Weight.Slot) + Weight.Of(request.CellSetSlice.Values) - _cells.Weigh(start, request.CellSetSlice.Values.Count)
            : 0,
        _ => 0,
    };

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.CellGet => RefuseIndex(request.CellGet.Index) ?? Answer.Value(_cells.Get(At(request.CellGet.Index))),
            Case.CellSlice => Slice(call),
            Case.CellSet => Refusal(request.CellSet.Index, request.CellSet.Value) ?? Set(request.CellSet),
            Case.CellSetSlice => Values.Check(request.CellSetSlice.Values, Context.Limits) ?? SetSlice(request.CellSetSlice),
            Case.CellAdd => Refusal(request.CellAdd.Index, request.CellAdd.By) ?? Add(request.CellAdd),
            Case.CellExchange => Refusal(request.CellExchange.Index, request.CellExchange.Value) ?? Exchange(request.CellExchange),
            Case.CellCompareExchange => Refusal(request.CellCompareExchange.Index, request.CellCompareExchange.Value)
                ?? Refusal(request.CellCompareExchange.Index, request.CellCompareExchange.Expected) ?? CompareExchange(request.CellCompareExchange),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => throw Unexpected("waiting");

    public override void SaveState(ObjectRecord record)
    {
    }

    public override IEnumerable<ObjectsRecord> SaveParts() =>
        _cells.All.Select(value => new ObjectsRecord { Item = new ItemRecord { Object = Id, Value = value } });

    public override void RestoreState(ObjectRecord record)
    {
    }

    public override void RestorePart(ObjectsRecord part)
    {
        var count = _cells.Measure([part.Item.Value])!.Value;
        _cells.SetSlice(_restored, [part.Item.Value]);
        Charge(_cells.Weigh(_restored, count));
        _restored += count;
    }

    private long Growth(long index, Payload? value) => Bounds.Index(index, _cells.Length) is { } at ? Weight.Slot + Weight.Of(value) - _cells.Weigh(at, 1) : 0;

    private void Put(int at, Payload value)
    {
        var before = _cells.Weigh(at, 1);
        _cells.Set(at, value);
        Charge(_cells.Weigh(at, 1) - before);
    }

    private int At(long index) => Bounds.Index(index, _cells.Length)!.Value;

    private ObjectReply? RefuseIndex(long index) =>
        Bounds.Index(index, _cells.Length) is null ? Bounds.Refusal(this, index, _cells.Length) : null;

    private ObjectReply? Refusal(long index, Payload? value) =>
        RefuseIndex(index) ?? Values.Check(value, "value", Context.Limits) ?? (_cells.Measure([value!]) == 1 ? null : WrongType());

    private ObjectReply WrongType() => Refuse.With(ObjectErrorCode.WrongType, $"Values for {Title} have to be {_cells.Rule}.");

    private ObjectReply? Slice(in Call call)
    {
        var slice = call.Request.CellSlice;
        var (start, stop) = Bounds.Slice(slice.Start, slice.HasStop ? slice.Stop : null, _cells.Length);
        foreach (var page in _cells.Slice(start, stop, Context.Limits.PageBytes))
        {
            Context.Send(call.Session, call.Request.Number, new ObjectReply { CellValues = page });
        }

        return null;
    }

    private ObjectReply Set(CellSet set)
    {
        Context.NextRevision();
        Put(At(set.Index), set.Value);
        return Answer.Done();
    }

    private ObjectReply SetSlice(CellSetSlice set)
    {
        if (_cells.Measure(set.Values) is not { } count)
        {
            return WrongType();
        }

        if (count == 0)
        {
            return Answer.Done();
        }

        if (Bounds.Index(set.Start, _cells.Length) is not { } start || start + count > _cells.Length)
        {
            return Refuse.With(ObjectErrorCode.OutOfRange, $"{count} values from index {set.Start} on do not fit {Title}, which has {_cells.Length} cells and keeps that number.");
        }

        Context.NextRevision();
        var before = _cells.Weigh(start, count);
        _cells.SetSlice(start, set.Values);
        Charge(_cells.Weigh(start, count) - before);
        return Answer.Done();
    }

    private ObjectReply Add(CellAdd add)
    {
        if (_cells is not NumberCells numbers)
        {
            return Refuse.With(ObjectErrorCode.NotANumber, $"{Title} was not created with a number type (`cells.numeric`), and cannot be added to.");
        }

        Context.NextRevision();
        return Answer.Value(numbers.Add(At(add.Index), add.By));
    }

    private ObjectReply Exchange(CellExchange exchange)
    {
        var at = At(exchange.Index);
        var previous = _cells.Get(at);
        Context.NextRevision();
        Put(at, exchange.Value);
        return Answer.Value(previous);
    }

    private ObjectReply CompareExchange(CellCompareExchange exchange)
    {
        var at = At(exchange.Index);
        var previous = _cells.Get(at);
        var exchanged = previous.Equals(exchange.Expected);
        if (exchanged)
        {
            Context.NextRevision();
            Put(at, exchange.Value);
        }

        return new ObjectReply { CellCompareExchange = new CellCompareExchangeResult { Exchanged = exchanged, Previous = previous } };
    }
}
