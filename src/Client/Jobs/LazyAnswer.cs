namespace Cluster.Client.Jobs;

/// <summary>What a lazy reader takes at once: results of consecutive items, or the failure of one.</summary>
internal sealed record LazyAnswer(ResultEntry? Entry, Exception? Failure)
{
    public int Count => Entry?.Count ?? 1;

    public long Bytes => Entry?.Bytes ?? 0;
}
