namespace Cluster.Client.Functions;

/// <summary>The code of a function, as it travels and where it is.</summary>
internal sealed class CodeSet
{
    public CodeSet(IEnumerable<AssemblyFile> files)
    {
        Files = [.. files.Select(file => new LocalCodeFile(file.CodeFile, file.Path))];
        Message = new Protocol.V1.Code { Files = { Files.Select(file => file.File) } };
    }

    /// <summary>Shared by all functions that use it: nobody may change it.</summary>
    public Protocol.V1.Code Message { get; }

    /// <summary>The files, in the order of the message.</summary>
    public IReadOnlyList<LocalCodeFile> Files { get; }
}
