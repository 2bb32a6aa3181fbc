using Cluster.Coordinator.Hosting.Access;
using Cluster.Protocol.V1;
using Google.Protobuf.Reflection;
using Xunit;

namespace Cluster.Unit.Coordinator.Hosting;

public sealed class MethodAccessTests
{
    private static readonly FileDescriptor[] Files = [JobsReflection.Descriptor, FunctionsReflection.Descriptor, NodesReflection.Descriptor, DictReflection.Descriptor, ObjectsReflection.Descriptor, BroadcastsReflection.Descriptor];

    public static TheoryData<string> Methods =>
        [.. Files.SelectMany(static file => file.Services).SelectMany(static service => service.Methods).Select(static method => $"/{method.Service.FullName}/{method.Name}")];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Somebody_has_thought_about_every_method(string path)
    {
        Assert.True(MethodAccess.IsKnown(path), $"{path} is not in MethodAccess.");
        Assert.NotEqual(Role.None, MethodAccess.Of(path) & Role.Admin);
    }

    [Theory]
    [InlineData("/cluster.v1.Jobs/Run", "submit, admin")]
    [InlineData("/cluster.v1.Jobs/List", "read, submit, admin")]
    [InlineData("/cluster.v1.Functions/Missing", "read, submit, node, admin")]
    [InlineData("/cluster.v1.Functions/Download", "node, admin")]
    [InlineData("/cluster.v1.Nodes/Attach", "node, admin")]
    [InlineData("/cluster.v1.Nodes/Drain", "admin")]
    [InlineData("/cluster.v1.Dict/Get", "read, submit, admin")]
    [InlineData("/cluster.v1.Dict/Set", "submit, admin")]
    [InlineData("/cluster.v1.Objects/Session", "submit, node, admin")]
    [InlineData("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "read, submit, node, admin")]
    [InlineData("/grpc.health.v1.Health/Check", "read, submit, node, admin")]
    [InlineData("/grpc.health.v1.HealthX/Check", "admin")]
    [InlineData("/x/grpc.health.v1.Health/Check", "admin")]
    [InlineData("/cluster.v1.Jobs/run", "admin")]
    [InlineData("/cluster.v1.Unheard/Of", "admin")]
    [InlineData("/", "admin")]
    public void A_method_is_for_some_roles(string path, string roles)
    {
        Assert.Equal(
            roles.Split(", ").Select(static word => Enum.Parse<Role>(word, ignoreCase: true)),
            Enum.GetValues<Role>().Where(role => role is not Role.None and not Role.Any && MethodAccess.Of(path).HasFlag(role)));
    }
}
