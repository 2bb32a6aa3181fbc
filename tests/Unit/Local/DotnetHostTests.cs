using Cluster.Local.Programs;
using Xunit;

namespace Cluster.Unit.Local;

public sealed class DotnetHostTests
{
    private static readonly string Dotnet = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
    private static readonly string Framework = Path.Combine(Path.GetTempPath(), "root", "shared", "Microsoft.NETCore.App", "10.0.0");

    [Fact]
    public void The_host_of_this_process_comes_first() =>
        Assert.Equal(At("here"), Find(processPath: At("here"), exists: _ => true));

    [Fact]
    public void An_executable_uses_the_host_beside_its_framework() =>
        Assert.Equal(At("root"), Find(processPath: "/app/app", exists: path => path == At("root")));

    [Theory]
    [InlineData("DOTNET_HOST_PATH")]
    [InlineData("DOTNET_ROOT")]
    public void A_self_contained_program_uses_what_the_environment_names(string variable) =>
        Assert.Equal(At("named"), Find("/app/app", path => path == At("named"), name => name != variable ? null : variable == "DOTNET_ROOT" ? Path.GetDirectoryName(At("named")) : At("named")));

    [Fact]
    public void Otherwise_the_search_path_decides() => Assert.Equal(Dotnet, Find(processPath: null, exists: _ => false));

    private static string At(string folder) => Path.Combine(Path.GetTempPath(), folder, Dotnet);

    private static string Find(string? processPath, Func<string, bool> exists, Func<string, string?>? variable = null) =>
        DotnetHost.Find(processPath, Framework, variable ?? (_ => null), exists);
}
