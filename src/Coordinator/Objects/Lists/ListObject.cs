using Cluster.Coordinator.Objects.Memory;
using Cluster.Coordinator.Objects.Requests;
using Cluster.Coordinator.Objects.Waiting;
using Cluster.Protocol.V1;
using Google.Protobuf.Collections;
using Case = Cluster.Protocol.V1.ObjectRequest.OperationOneofCase;

namespace Cluster.Coordinator.Objects.Lists;

/// <summary>A list.</summary>
internal sealed class ListObject(ObjectContext context, ulong id, ObjectOpen created) : SharedObject(context, id, created)
{
    private readonly List<Payload> _items = [];
    private ulong _version;

    public override ulong Count => (ulong)_items.Count;

    public override IReadOnlyList<WaitLine> Lines => [];

    public override ObjectReply? Handle(in Call call)
    {
        var request = call.Request;
        return request.OperationCase switch
        {
            Case.ListGet => At(request.ListGet.Index, static (list, at) => Answer.Value(list._items[at])),
            Case.ListSlice => Slice(call),
            Case.ListIndexOf => IndexOf(request.ListIndexOf),
            Case.ListCount => CountOf(request.ListCount.Value),
            Case.ListAppend => Values.Check(request.ListAppend.Values, Context.Limits) ?? Append(request.ListAppend.Values),
            Case.ListInsert => Values.Check(request.ListInsert.Value, "value", Context.Limits) ?? Insert(request.ListInsert),
            Case.ListSet => Values.Check(request.ListSet.Value, "value", Context.Limits) ?? Set(request.ListSet),
            Case.ListPop => At(request.ListPop.HasIndex ? request.ListPop.Index : -1, static (list, at) => list.RemoveAt(at)),
            Case.ListRemove => Values.Check(request.ListRemove.Value, "value", Context.Limits) ?? Remove(request.ListRemove.Value),
            Case.ListReverse => Reverse(),
            Case.ListReplace => Values.Check(request.ListReplace.Values, Context.Limits) ?? Replace(request.ListReplace),
            Case.ListClear => Clear(),
            _ => throw Unexpected(request.OperationName()),
        };
    }

    public override ObjectReply TimedOutReply(ObjectRequest request, uint progress) => throw Unexpected("waiting");

    public override void SaveState(ObjectRecord record) => record.List = new ListState { Version = _version };

    public override IEnumerable<ObjectsRecord> SaveParts() =>
        _items.Select(value => new ObjectsRecord { Item = new ItemRecord { Object = Id, Value = value } });

    public override void RestoreState(ObjectRecord record) => _version = record.List.Version;

    public override void RestorePart(ObjectsRecord part)
    {
        _items.Add(part.Item.Value);
        Charge(Weigh(part.Item.Value));
    }

    public override long Growth(ObjectRequest request) => request.OperationCase switch
    {
        Case.ListAppend => Weigh(request.ListAppend.Values),
        Case.ListInsert => Weigh(request.ListInsert.Value),
        Case.ListSet => Bounds.Index(request.ListSet.Index, _items.Count) is { } at ? Weigh(request.ListSet.Value) - Weigh(_items[at]) : 0,
        Case.ListReplace => Weigh(request.ListReplace.Values) - Weigh(_items),
        _ => 0,
    };

    private static long Weigh(Payload? value) => Weight.Slot + Weight.Of(value);

    private static long Weigh(IEnumerable<Payload> values) => values.Sum(Weigh);

    private void Change() => _version = Context.NextRevision();

    private ObjectReply At(long index, Func<ListObject, int, ObjectReply> act) =>
        Bounds.Index(index, _items.Count) is { } at ? act(this, at) : Bounds.Refusal(this, index, _items.Count);

    private ObjectReply? Slice(in Call call)
    {
        var slice = call.Request.ListSlice;
        var (start, stop) = Bounds.Slice(slice.Start, slice.HasStop ? slice.Stop : null, _items.Count);
        var page = new ListValues { Version = _version };
        var bytes = 0;
        for (var i = start; i < stop; i++)
        {
            var size = Values.Size(_items[i]);
            if (bytes + size > Context.Limits.PageBytes && page.Values.Count > 0)
            {
                page.More = true;
                Context.Send(call.Session, call.Request.Number, new ObjectReply { ListValues = page });
                page = new ListValues { Version = _version };
                bytes = 0;
            }

            bytes += size;
            page.Values.Add(_items[i]);
        }

        return new ObjectReply { ListValues = page };
    }

    private ObjectReply IndexOf(ListIndexOf search)
    {
        if (Values.Check(search.Value, "value", Context.Limits) is { } refusal)
        {
            return refusal;
        }

        var (start, stop) = Bounds.Slice(search.Start, search.HasStop ? search.Stop : null, _items.Count);
        return new ObjectReply { Index = _items.IndexOf(search.Value, start, stop - start) };
    }

    private ObjectReply CountOf(Payload? value) => Answer.Count(value is null ? _items.Count : _items.Count(value.Equals));

    private ObjectReply Append(RepeatedField<Payload> values)
    {
        if (values.Count > 0)
        {
            _items.AddRange(values);
            Charge(Weigh(values));
            Change();
        }

        return Answer.Count(_items.Count);
    }

    private ObjectReply Insert(ListInsert insert)
    {
        _items.Insert(Bounds.Clamp(insert.Index, _items.Count), insert.Value);
        Charge(Weigh(insert.Value));
        Change();
        return Answer.Count(_items.Count);
    }

    private ObjectReply Set(ListSet set)
    {
        if (Bounds.Index(set.Index, _items.Count) is not { } at)
        {
            return Bounds.Refusal(this, set.Index, _items.Count);
        }

        Charge(Weigh(set.Value) - Weigh(_items[at]));
        _items[at] = set.Value;
        Change();
        return Answer.Done();
    }

    private ObjectReply RemoveAt(int at)
    {
        var value = _items[at];
        _items.RemoveAt(at);
        Charge(-Weigh(value));
        Change();
        return Answer.Value(value);
    }

    private ObjectReply Remove(Payload value)
    {
        var removed = _items.Remove(value);
        if (removed)
        {
            Charge(-Weigh(value));
            Change();
        }

        return Answer.Flag(removed);
    }

    private ObjectReply Reverse()
    {
        _items.Reverse();
        Change();
        return Answer.Done();
    }

    private ObjectReply Replace(ListReplace replace)
    {
        if (replace.Version != 0 && replace.Version != _version)
        {
            return Refuse.With(
                ObjectErrorCode.Changed, $"{Title} was changed at revision {_version}, after the {replace.Version} that the caller has seen. Read it again and try again.");
        }

        Charge(Weigh(replace.Values) - Weigh(_items));
        _items.Clear();
        _items.AddRange(replace.Values);
        Change();
        return Answer.Done();
    }

    private ObjectReply Clear()
    {
        var count = _items.Count;
        Charge(-Weigh(_items));
        _items.Clear();
        Change();
        return Answer.Count(count);
    }
}
