using System.Security.Cryptography;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Functions;

/// <summary>An assembly whose functions are to have names, with what it needs and with its documentation.</summary>
/// <param name="Assembly">Its simple name.</param>
/// <param name="Code">Its code.</param>
/// <param name="Documentation">The XML file beside it; null: there is none.</param>
/// <param name="Files">All files that travel.</param>
internal sealed record PushedCode(string Assembly, Protocol.V1.Code Code, LocalCodeFile? Documentation, IReadOnlyList<LocalCodeFile> Files)
{
    /// <summary>Finds and hashes the files.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadImageFormatException">The file is not an assembly.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static PushedCode Read(string assemblyPath)
    {
        var path = Path.GetFullPath(assemblyPath);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file {path}.", path);
        }

        var file = AssemblyFiles.Find(path) ?? throw new BadImageFormatException($"{path} is not a .NET assembly.", path);
        var code = FunctionCode.Of(file);
        var documentation = ReadDocumentation(Path.ChangeExtension(path, ".xml"), file.Name);
        return new PushedCode(file.Name, code.Message, documentation, documentation is null ? code.Files : [.. code.Files, documentation]);
    }

    private static LocalCodeFile? ReadDocumentation(string path, string assembly)
    {
        if (new FileInfo(path) is not { Exists: true, Length: > 0 })
        {
            return null;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var sha256 = ByteString.CopyFrom(SHA256.HashData(stream));
        return new LocalCodeFile(new CodeFile { Name = $"{assembly}.xml", Sha256 = sha256, Size = (ulong)stream.Length }, path);
    }
}
