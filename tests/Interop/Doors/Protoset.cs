using Cluster.Interop.Foreign;
using Google.Protobuf.Reflection;

namespace Cluster.Interop.Doors;

/// <summary>The contracts of the folder protos, compiled by protoc into one file.</summary>
internal static class Protoset
{
    /// <summary>Compiles them.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task WriteAsync(string file, CancellationToken cancellationToken)
    {
        await using var protoc = ForeignProcess.Start(
            "protoc",
            [
                $"-I{ForeignTools.ClusterProtoDirectory}",
                $"-I{ForeignTools.ProtobufIncludes}",
                "--include_imports",
                $"--descriptor_set_out={file}",
                .. Directory.GetFiles(ForeignTools.ClusterProtoDirectory, "*.proto", SearchOption.AllDirectories),
            ],
            ForeignTools.ProjectDirectory);
        var (exitCode, _, errors) = await protoc.WaitAsync(cancellationToken);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"protoc failed: {errors}");
        }
    }

    /// <summary>The methods of all services in such a file: <c>cluster.v1.Jobs/Map</c>.</summary>
    public static IEnumerable<string> Methods(string file) =>
        from proto in FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(file)).File
        from service in proto.Service
        from method in service.Method
        select $"{proto.Package}.{service.Name}/{method.Name}";
}
