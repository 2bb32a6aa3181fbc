using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;

namespace Cluster.Client.Jobs;

/// <summary>Reads results one entry after another. What cannot be read fails its own item only. Not thread-safe.</summary>
internal sealed class ResultReader<TResult>
{
    private BatchReader<TResult>? _reader;
    private Format _format;

    /// <summary>Reads an entry into as many places as it has items.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="destination">Where the results go, in order.</param>
    /// <param name="failed">Called for each item whose bytes do not fit the type.</param>
    public void Read(ResultEntry entry, Span<TResult> destination, Action<long, Exception> failed)
    {
        var done = 0;
        foreach (var batch in entry.Messages)
        {
            var reader = ReaderFor(batch.Format);
            reader.Open(batch);
            while (reader.Remaining > 0)
            {
                try
                {
                    done += reader.ReadMany(destination[done..]);
                }
                catch (ItemDecodeException exception)
                {
                    failed((long)exception.Index, Unreadable(exception));
                    done = (int)((long)exception.Index - entry.First) + 1;
                }
            }
        }
    }

    private static ClusterException Unreadable(ItemDecodeException exception) => new(
        $"The result of item {exception.Index} cannot be read as {typeof(TResult)}: {exception.Message}", isTransient: false, exception);

    // Workers choose the format from the function's type, as this does; but every type may also come as JSON.
    private BatchReader<TResult> ReaderFor(Format format)
    {
        if (_reader is null || _format != format)
        {
            _reader = new BatchReader<TResult>(ItemCodec.For<TResult>(format));
            _format = format;
        }

        return _reader;
    }
}
