using System.IO.MemoryMappedFiles;

namespace Cluster.Protocol.Memory;

/// <summary>Shared memory of this machine, found by its name.</summary>
public sealed class Segment
{
    private readonly string _path;
    private readonly SegmentHeader _header;

    internal Segment(string name, string path, SegmentHeader header)
    {
        Name = name;
        (_path, _header) = (path, header);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Tells it from another of the same name.</summary>
    public Guid Id => _header.Id;

    /// <summary>Its size in bytes.</summary>
    public long Size => _header.Size;

    internal string Owner => _header.Owner;

    /// <summary>Maps it into this process.</summary>
    /// <exception cref="FileNotFoundException">It was unlinked meanwhile.</exception>
    public MappedMemory Map() =>
        MappedMemory.Of(new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), SegmentHeader.Length, Size, MemoryMappedFileAccess.ReadWrite);

    /// <summary>Takes its name away: nobody can attach any more, and the memory is free when nobody has it mapped.</summary>
    /// <returns>Whether it still had it.</returns>
    public bool Unlink()
    {
        try
        {
            using (var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                if (SegmentHeader.Read(file).Id != Id)
                {
                    return false;
                }
            }

            File.Delete(_path);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
