using System.Reflection;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Interop.Foreign;

/// <summary>Where the foreign implementations are. One that is missing skips its tests, or fails them where CLUSTER_REQUIRE_INTEROP is 1.</summary>
internal static class ForeignTools
{
    public const string Python = "/usr/bin/python3";

    public static string ProjectDirectory { get; } = Metadata("ProjectDirectory");

    public static string NodeDirectory => Path.Combine(ProjectDirectory, "Node");

    /// <summary>The checks of deploy/k8s.</summary>
    public static string KubernetesDirectory => Path.GetFullPath(Path.Combine(ProjectDirectory, "..", "Kubernetes"));

    public static string ProtoDirectory => Path.Combine(ProjectDirectory, "Protos");

    /// <summary>The contracts of the coordinator.</summary>
    public static string ClusterProtoDirectory => Path.GetFullPath(Path.Combine(ProjectDirectory, "..", "..", "protos"));

    /// <summary>Where google/protobuf/*.proto are.</summary>
    public static string ProtobufIncludes { get; } = Metadata("ProtobufIncludes");

    public static string Buf => Path.Combine(NodeDirectory, "node_modules", ".bin", "buf");

    private static bool Required => Environment.GetEnvironmentVariable("CLUSTER_REQUIRE_INTEROP") == "1";

    public static string? MissingForPython() =>
        !File.Exists(Python) || InstalledProgram.Find("protoc") is null || InstalledProgram.Find("grpc_python_plugin") is null || !Directory.Exists("/usr/lib/python3/dist-packages/grpc")
            ? "python3-grpcio, protobuf-compiler and protobuf-compiler-grpc are not installed: run .ci/install."
            : null;

    public static string? MissingForNode() =>
        InstalledProgram.Find("node") is null || !Directory.Exists(Path.Combine(NodeDirectory, "node_modules", "@grpc", "grpc-js"))
            ? "node or @grpc/grpc-js is not installed: run .ci/install."
            : null;

    public static string? MissingForBuf() => File.Exists(Buf) ? null : "buf is not installed: run .ci/install.";

    public static string? MissingForKubernetes() =>
        InstalledProgram.Find("node") is null || !Directory.Exists(Path.Combine(KubernetesDirectory, "node_modules", "kubernetes-models"))
            ? "node or the packages of tests/Kubernetes are not installed: run .ci/install."
            : null;

    public static void Require(string? missing)
    {
        if (missing is not null)
        {
            Assert.False(Required, missing);
            Assert.Skip(missing);
        }
    }

    private static string Metadata(string key) => typeof(ForeignTools).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
