namespace Cluster.Client.Jobs;

/// <summary>Results in an array in the order of the input; each is decoded into its place as it comes.</summary>
internal abstract class ArrayResults<TResult, TAll> : EagerResults<TAll>
{
    private readonly ResultReader<TResult> _reader = new();
    private TResult[] _values;

    protected ArrayResults(bool throwFirst, int expected)
        : base(throwFirst)
    {
        _values = expected == 0 ? [] : new TResult[expected];
    }

    protected override void Store(ResultEntry entry)
    {
        var end = entry.First + entry.Count;
        if (end > _values.Length)
        {
            Array.Resize(ref _values, checked((int)Math.Min(Array.MaxLength, Math.Max(end, 2L * _values.Length))));
        }

        _reader.Read(entry, _values.AsSpan((int)entry.First, entry.Count), Failed);
    }

    protected TResult[] Values(long count)
    {
        if (_values.Length != count)
        {
            Array.Resize(ref _values, checked((int)count));
        }

        return _values;
    }
}
