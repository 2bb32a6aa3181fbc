using System.Buffers;
using Cluster.Coordinator.Journal;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Detached;

/// <summary>Detached jobs on disk: for each one file with what was submitted, which is there as a whole or not at all, and one with its results. Calls block.</summary>
internal sealed class JobFiles(IJournalDirectory directory) : IDisposable
{
    private const string Submitted = ".job";
    private const string Results = ".results";
    private const string Items = ".items";

    /// <summary>The jobs that were submitted. What a crash has left half-written goes.</summary>
    public IReadOnlyList<string> List()
    {
        var names = directory.List();
        string[] ids = [.. names.Where(static name => name.EndsWith(Submitted, StringComparison.Ordinal)).Select(static name => name[..^Submitted.Length])];
        foreach (var left in names.Where(name => name.EndsWith(FileNames.Unfinished, StringComparison.Ordinal)
            || (name.EndsWith(Results, StringComparison.Ordinal) && !ids.Contains(name[..^Results.Length], StringComparer.Ordinal))))
        {
            directory.Delete(left);
        }

        foreach (var id in ids.Where(id => !names.Contains(id + Results, StringComparer.Ordinal)))
        {
            // Somebody has removed the results: all of it runs again.
            directory.Create(id + Results).Dispose();
        }

        return ids;
    }

    /// <summary>The items of jobs that were never submitted as a whole.</summary>
    public IReadOnlyList<string> ListUnfinished()
    {
        var names = directory.List();
        return [.. names.Where(name => name.EndsWith(Items, StringComparison.Ordinal)).Select(static name => name[..^Items.Length]).Where(id => !names.Contains(id + Submitted, StringComparer.Ordinal))];
    }

    /// <summary>Opens the file of a job's items, and makes it where it is not there.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public ResultLog OpenItems(string id) => new(directory.List().Contains(id + Items, StringComparer.Ordinal) ? directory.Open(id + Items) : directory.Create(id + Items));

    /// <summary>How many bytes the file of a job's items has; 0: it has none.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public long ItemBytes(DetachedJobRecord job)
    {
        if (job.Spec is null)
        {
            return 0;
        }

        using var file = directory.Open(job.JobId + Items);
        return file.Length;
    }

    /// <summary>Writes what was submitted. It is on the disk when this has returned.</summary>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="IOException">It cannot be written; there is no such job.</exception>
    public long Create(DetachedJobRecord job)
    {
        var bytes = new ArrayBufferWriter<byte>();
        RecordFormat.Write(bytes, 1, 0, job.ToByteArray());
        var name = job.JobId + Submitted;
        var unfinished = name + FileNames.Unfinished;
        try
        {
            using (var file = directory.Create(unfinished))
            {
                file.Write(bytes.WrittenSpan, 0);
                file.Sync();
            }

            directory.Create(job.JobId + Results).Dispose();
            directory.Rename(unfinished, name);
            directory.Sync();
        }
        catch (IOException)
        {
            // Nobody is told of a job that may not be there tomorrow.
            directory.Delete(unfinished);
            directory.Delete(name);
            directory.Delete(job.JobId + Results);
            throw;
        }

        return bytes.WrittenCount;
    }

    /// <summary>Reads what was submitted.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public DetachedJobRecord Read(string id)
    {
        var name = id + Submitted;
        return RecordFormat.Read(WholeFile.Read(directory, name), out var record) == RecordState.Good && DetachedJobRecord.Parser.ParseFrom(record.Payload.Span) is var job && job.JobId == id
            ? job
            : throw new InvalidDataException($"The file {name} in {directory}, which has a submitted job, is damaged. Remove it, and submit the job again.");
    }

    /// <summary>Opens the results of a job.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public ResultLog OpenResults(string id) => new(directory.Open(id + Results));

    /// <summary>Forgets a job.</summary>
    /// <exception cref="IOException">Its files cannot be removed.</exception>
    public void Delete(string id)
    {
        directory.Delete(id + Submitted);
        directory.Delete(id + Results);
        directory.Delete(id + Items);
        directory.Sync();
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => directory.Dispose();
}
