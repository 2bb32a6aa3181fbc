using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Client.Functions;

/// <summary>What a file of code says about itself, read without loading it.</summary>
internal sealed class AssemblyFile
{
    private const string SdkMark = "Cluster.Sdk";

    private readonly Lazy<CodeFile> _codeFile;

    private AssemblyFile(string path, MetadataReader metadata)
    {
        Path = path;
        Name = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        Mvid = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        References = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        IsSdk = metadata.GetAssemblyDefinition().GetCustomAttributes().Any(handle => IsSdkMark(metadata, metadata.GetCustomAttribute(handle)));
        _codeFile = new Lazy<CodeFile>(Hash);
    }

    public string Path { get; }

    /// <summary>Simple name.</summary>
    public string Name { get; }

    /// <summary>The compiler's stamp: differs between builds with different content.</summary>
    public Guid Mvid { get; }

    /// <summary>Simple names of the assemblies that it refers to.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Whether it is part of the SDK, and so on every node already.</summary>
    public bool IsSdk { get; }

    /// <summary>Its identity by content. Read from the file when it is first asked for: what does not travel is never hashed.</summary>
    public CodeFile CodeFile => _codeFile.Value;

    /// <summary>Reads a file.</summary>
    /// <returns>Null if it is not an assembly.</returns>
    public static AssemblyFile? TryRead(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        try
        {
            return reader.HasMetadata && reader.GetMetadataReader() is { IsAssembly: true } metadata ? new AssemblyFile(path, metadata) : null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private CodeFile Hash()
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        var hash = new byte[SHA256.HashSizeInBytes];
        SHA256.HashData(stream, hash);
        return new CodeFile { Name = Name, Sha256 = UnsafeByteOperations.UnsafeWrap(hash), Size = (ulong)stream.Length };
    }

    private static bool IsSdkMark(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference
            || metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeReference } parent
            || !metadata.StringComparer.Equals(metadata.GetTypeReference((TypeReferenceHandle)parent).Name, "AssemblyMetadataAttribute"))
        {
            return false;
        }

        var value = metadata.GetBlobReader(attribute.Value);
        return value.ReadUInt16() == 1 && value.ReadSerializedString() == SdkMark;
    }
}
