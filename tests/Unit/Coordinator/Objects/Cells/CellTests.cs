using Cluster.Coordinator.Objects;
using Cluster.Protocol.V1;
using Google.Protobuf;
using Xunit;

namespace Cluster.Unit.Coordinator.Objects.Cells;

public sealed class CellTests : IDisposable
{
    private readonly ObjectHarness _objects = new(new ObjectLimits { PageBytes = 16, Cells = 1000 });
    private readonly ulong _me;

    public CellTests() => _me = _objects.Session();

    public void Dispose() => _objects.Dispose();

    [Fact]
    public void A_number_begins_at_0_or_where_it_is_told()
    {
        var zero = Open(ObjectKind.Value, NumericType.Int32);
        var seven = Open(ObjectKind.Value, NumericType.Int32, initial: Text.Int(7));

        Assert.Equal(0, Get(zero).ToInt());
        Assert.Equal(7, Get(seven).ToInt());
    }

    [Fact]
    public void Adding_exchanging_and_comparing_are_one_step_each()
    {
        var value = Open(ObjectKind.Value, NumericType.Int32, initial: Text.Int(40));

        Assert.Equal(42, Add(value, Text.Int(2)).Value.ToInt());
        Assert.Equal(42, Ask(value, new ObjectRequest { CellExchange = new CellExchange { Value = Text.Int(1) } }).Value.ToInt());
        var refused = CompareExchange(value, Text.Int(2), Text.Int(3));
        Assert.Equal((false, 1), (refused.Exchanged, refused.Previous.ToInt()));
        var done = CompareExchange(value, Text.Int(1), Text.Int(3));
        Assert.Equal((true, 1), (done.Exchanged, done.Previous.ToInt()));
        Assert.Equal(3, Get(value).ToInt());
    }

    [Fact]
    public void Integers_wrap_around_as_unchecked_ones_do()
    {
        Assert.Equal(unchecked((sbyte)(100 + 100)), (sbyte)Sum(NumericType.Int8, [100], [100])[0]);
        Assert.Equal(unchecked((byte)(200 + 100)), Sum(NumericType.Uint8, [200], [100])[0]);
        Assert.Equal(unchecked((short)(30000 + 30000)), BitConverter.ToInt16(Sum(NumericType.Int16, BitConverter.GetBytes((short)30000), BitConverter.GetBytes((short)30000))));
        Assert.Equal((ushort)1, BitConverter.ToUInt16(Sum(NumericType.Uint16, BitConverter.GetBytes(ushort.MaxValue), BitConverter.GetBytes((ushort)2))));
        Assert.Equal(int.MinValue, BitConverter.ToInt32(Sum(NumericType.Int32, BitConverter.GetBytes(int.MaxValue), BitConverter.GetBytes(1))));
        Assert.Equal(1U, BitConverter.ToUInt32(Sum(NumericType.Uint32, BitConverter.GetBytes(uint.MaxValue), BitConverter.GetBytes(2U))));
        Assert.Equal(long.MaxValue, BitConverter.ToInt64(Sum(NumericType.Int64, BitConverter.GetBytes(long.MinValue), BitConverter.GetBytes(-1L))));
        Assert.Equal(1UL, BitConverter.ToUInt64(Sum(NumericType.Uint64, BitConverter.GetBytes(ulong.MaxValue), BitConverter.GetBytes(2UL))));
    }

    [Fact]
    public void Floating_numbers_are_added_as_such()
    {
        Assert.Equal(0.75f, BitConverter.ToSingle(Sum(NumericType.Float32, BitConverter.GetBytes(0.5f), BitConverter.GetBytes(0.25f))));
        Assert.Equal(0.1 + 0.2, BitConverter.ToDouble(Sum(NumericType.Float64, BitConverter.GetBytes(0.1), BitConverter.GetBytes(0.2))));
    }

    [Fact]
    public void An_array_has_indices_and_slices_like_a_list_and_a_fixed_length()
    {
        var array = Open(ObjectKind.Array, NumericType.Int32, 5, Ints(0, 1, 2, 3, 4));

        Assert.Equal(4, Get(array, -1).ToInt());
        Ask(array, new ObjectRequest { CellSet = new CellSet { Index = 1, Value = Text.Int(10) } });
        Ask(array, new ObjectRequest { CellSetSlice = new CellSetSlice { Start = -2, Values = { Ints(30, 40) } } });
        Assert.Equal([0, 10, 2, 30, 40], Slice(array, 0));
        Assert.Equal([2, 30], Slice(array, 2, 4));
        Assert.Equal([], Slice(array, 4, 2));
        _objects.Refused(_me, array, new ObjectRequest { CellGet = new CellGet { Index = 5 } }, ObjectErrorCode.OutOfRange);
        _objects.Refused(_me, array, new ObjectRequest { CellSetSlice = new CellSetSlice { Start = 4, Values = { Ints(1, 2) } } }, ObjectErrorCode.OutOfRange);
        Assert.Equal([0, 10, 2, 30, 40], Slice(array, 0));
    }

    [Fact]
    public void One_initial_value_fills_all_cells()
    {
        Assert.Equal([7, 7, 7], Slice(Open(ObjectKind.Array, NumericType.Int32, 3, Text.Int(7)), 0));
        var texts = Open(ObjectKind.Array, NumericType.Unspecified, 2, Text.Of("x"));
        Assert.Equal("x", Get(texts, 1).Read());
    }

    [Fact]
    public void Values_of_any_kind_begin_as_null_and_are_kept_as_they_are()
    {
        var value = Open(ObjectKind.Value, NumericType.Unspecified);
        Assert.Equal("null", Get(value).Read());
        Ask(value, new ObjectRequest { CellSet = new CellSet { Value = Text.Of("text") } });

        Assert.True(CompareExchange(value, Text.Of("text"), Text.Json("{}")).Exchanged);
        Assert.Equal("{}", Get(value).Read());
        _objects.Refused(_me, value, new ObjectRequest { CellAdd = new CellAdd { By = Text.Json("1") } }, ObjectErrorCode.NotANumber);
    }

    [Fact]
    public void Large_arrays_travel_in_pages()
    {
        var texts = Open(ObjectKind.Array, NumericType.Unspecified, 3, Text.Of("a"), Text.Of("b"), Text.Of("c"));
        var number = _objects.Send(_me, texts, new ObjectRequest { CellSlice = new CellSlice() });

        Assert.Equal("a b c", _objects.Replies(_me, number).SelectMany(reply => reply.CellValues.Values).Read());
        Assert.Equal([true, true, false], _objects.Replies(_me, number).Select(reply => reply.CellValues.More));
        var numbers = Open(ObjectKind.Array, NumericType.Int32, 9);
        Assert.Equal(9, Slice(numbers, 0).Length);
    }

    [Fact]
    public void Values_of_another_width_or_format_are_refused()
    {
        var value = Open(ObjectKind.Value, NumericType.Int32);
        Payload[] wrong = [Raw([1, 2]), Text.Json("1"), Raw([])];
        foreach (var bad in wrong)
        {
            _objects.Refused(_me, value, new ObjectRequest { CellSet = new CellSet { Value = bad } }, ObjectErrorCode.WrongType);
        }
    }

    [Fact]
    public void An_array_has_to_have_cells_and_not_too_many()
    {
        Refused(new CellOptions(), ObjectErrorCode.Invalid);
        Refused(new CellOptions { Length = 1001 }, ObjectErrorCode.TooLarge);
        Refused(new CellOptions { Length = 3, Initial = { Text.Of("a"), Text.Of("b") } }, ObjectErrorCode.Invalid);
        Refused(new CellOptions { Length = 3, Numeric = NumericType.Int32, Initial = { Ints(1, 2) } }, ObjectErrorCode.WrongType);
        Refused(new CellOptions { Length = 3, Numeric = (NumericType)99 }, ObjectErrorCode.Invalid);
    }

    private void Refused(CellOptions options, ObjectErrorCode code) =>
        _objects.Refused(_me, 0, new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Array, Cells = options } }, code);

    private ulong Open(ObjectKind kind, NumericType type, uint length = 0, params Payload[] initial) =>
        _objects.Open(_me, new ObjectOpen { Kind = kind, Cells = new CellOptions { Length = length, Numeric = type, Initial = { initial } } });

    private static Payload Raw(byte[] bytes) => new() { Format = Format.Raw, Data = ByteString.CopyFrom(bytes) };

    private static Payload Ints(params int[] values) => Raw([.. values.SelectMany(BitConverter.GetBytes)]);

    private byte[] Sum(NumericType type, byte[] one, byte[] other)
    {
        var value = Open(ObjectKind.Value, type, 0, Raw(one));
        Assert.Equal(Add(value, Raw(other)).Value, Get(value));
        return Get(value).Data.ToByteArray();
    }

    private ObjectReply Add(ulong value, Payload by) => Ask(value, new ObjectRequest { CellAdd = new CellAdd { By = by } });

    private CellCompareExchangeResult CompareExchange(ulong target, Payload expected, Payload value) =>
        Ask(target, new ObjectRequest { CellCompareExchange = new CellCompareExchange { Expected = expected, Value = value } }).CellCompareExchange;

    private Payload Get(ulong target, long index = 0) => Ask(target, new ObjectRequest { CellGet = new CellGet { Index = index } }).Value;

    private int[] Slice(ulong array, long start, long? stop = null)
    {
        var slice = new CellSlice { Start = start };
        if (stop is not null)
        {
            slice.Stop = stop.Value;
        }

        var number = _objects.Send(_me, array, new ObjectRequest { CellSlice = slice });
        var bytes = _objects.Replies(_me, number).SelectMany(reply => reply.CellValues.Values).SelectMany(value => value.Data);
        return [.. bytes.Chunk(4).Select(chunk => BitConverter.ToInt32(chunk))];
    }

    private ObjectReply Ask(ulong target, ObjectRequest request) => _objects.Ask(_me, target, request);
}
