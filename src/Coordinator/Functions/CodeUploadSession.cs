using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Functions;

/// <summary>One upload call: any number of files, each as a run of blocks.</summary>
internal sealed class CodeUploadSession(CodeStore store) : IAsyncDisposable
{
    private CodeUpload? _current;
    private bool _any;

    /// <summary>How many files were stored so far; those that were here already do not count.</summary>
    public uint Stored { get; private set; }

    /// <summary>Takes the next block.</summary>
    /// <exception cref="CodeFileRejectedException">The block or the file that it completes is wrong.</exception>
    public async Task AcceptAsync(FileBlock block, CancellationToken cancellationToken)
    {
        if (block.File is not null)
        {
            await CompleteAsync();
            _current = await store.BeginUploadAsync(block.File, cancellationToken);
            _any = true;
        }
        else if (!_any)
        {
            throw new CodeFileRejectedException("The first block of an upload must say which file it belongs to (`file`).");
        }

        // Null: the file is here already, and its content is skipped.
        if (_current is not null && block.Data.Length > 0)
        {
            await _current.WriteAsync(block.Data.Memory, cancellationToken);
        }
    }

    /// <summary>Ends the current file.</summary>
    /// <exception cref="CodeFileRejectedException">It is not what it was said to be.</exception>
    public async Task CompleteAsync()
    {
        if (_current is not { } upload)
        {
            return;
        }

        _current = null;
        await using (upload)
        {
            await upload.CommitAsync();
            Stored++;
        }
    }

    /// <summary>Drops a file that was begun and not completed.</summary>
    public ValueTask DisposeAsync() => _current?.DisposeAsync() ?? ValueTask.CompletedTask;
}
