using System.Buffers;
using Cluster.Coordinator.Journal;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Coordinator.Functions.Registered;

/// <summary>Sets of functions on disk: a file each, with one record as the journal has them. A file is replaced as a whole, or not at all. Calls block; one thread at a time.</summary>
internal sealed class FunctionSetFiles(IJournalDirectory directory) : IDisposable
{
    private const string Suffix = ".set";

    /// <summary>Reads all sets.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<FunctionSetRecord> ReadAll()
    {
        List<FunctionSetRecord> sets = [];
        foreach (var name in directory.List())
        {
            if (name.EndsWith(FileNames.Unfinished, StringComparison.Ordinal))
            {
                // The process ended while it was written; nobody was told that it is there.
                directory.Delete(name);
            }
            else if (name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                sets.Add(Read(name));
            }
        }

        return sets;
    }

    /// <summary>Writes a set. It is on the disk when this has returned.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public void Save(FunctionSetRecord set)
    {
        var name = set.Name + Suffix;
        var unfinished = name + FileNames.Unfinished;
        directory.Delete(unfinished);
        using (var file = directory.Create(unfinished))
        {
            var bytes = new ArrayBufferWriter<byte>();
            RecordFormat.Write(bytes, 1, 0, set.ToByteArray());
            file.Write(bytes.WrittenSpan, 0);
            file.Sync();
        }

        directory.Rename(unfinished, name);
        directory.Sync();
    }

    /// <summary>Removes a set.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void Delete(string set)
    {
        directory.Delete(set + Suffix);
        directory.Sync();
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => directory.Dispose();

    private FunctionSetRecord Read(string name)
    {
        try
        {
            if (RecordFormat.Read(WholeFile.Read(directory, name), out var record) == RecordState.Good)
            {
                var set = FunctionSetRecord.Parser.ParseFrom(record.Payload.Span);
                if (set.Name + Suffix == name && set.Versions.Count > 0)
                {
                    return set;
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Nothing that this coordinator has written: damaged, as below.
        }

        throw new InvalidDataException($"The file {name} in {directory}, which has registered functions, is damaged. Remove it and register them again (cluster push).");
    }
}
