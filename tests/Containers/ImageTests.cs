using System.Globalization;
using System.Text.Json;
using Cluster.Containers.Engine;
using Cluster.Containers.Images;
using Cluster.Containers.Running;
using Xunit;

namespace Cluster.Containers;

/// <summary>What deploy/docker/Dockerfile makes.</summary>
public sealed class ImageTests(Ground ground)
{
    private const int MebibyteBits = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Images => [.. BuiltImages.All];

    [Theory]
    [MemberData(nameof(Images))]
    public async Task An_image_is_for_an_unprivileged_user_and_its_first_process_is_the_program(string image)
    {
        ground.Require();
        TestContext.Current.SendDiagnosticMessage($"All images were built in {ground.Images.Elapsed.TotalSeconds:F0} s.");
        var config = (await InspectAsync(BuiltImages.Name(image))).GetProperty("Config");
        Assert.Equal("1654:1654", config.GetProperty("User").GetString());
        Assert.Equal("SIGTERM", config.GetProperty("StopSignal").GetString());
        Assert.Equal("dotnet", config.GetProperty("Entrypoint")[0].GetString());
        Assert.EndsWith(".dll", config.GetProperty("Entrypoint")[1].GetString(), StringComparison.Ordinal);
        Assert.False(config.TryGetProperty("Healthcheck", out _), "Kubernetes asks for health; the engine need not.");
        Assert.Contains("ASPNETCORE_HTTP_PORTS=", config.GetProperty("Env").EnumerateArray().Select(variable => variable.GetString()));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public async Task It_says_the_commit_on_a_read_only_root_without_a_network(string image)
    {
        ground.Require();
        var said = await ground.Podman.RunAsync(
            Token, ["run", "--rm", "--network=none", .. Confinement.Options(cpus: 1, memoryMebibytes: 256), BuiltImages.Name(image), "--version"]);
        Assert.Matches($@"^\d+\.\d+\.\d+[^+]*\+{BuiltImages.RevisionPattern}\s*$", said);
    }

    [Theory]
    [InlineData("coordinator", StandIns.Runtime, 20)]
    [InlineData("node", StandIns.NodeRuntime, 12)]
    [InlineData("cli", StandIns.Runtime, 32)]
    public async Task It_adds_little_to_its_base(string image, string basis, int mebibytes)
    {
        ground.Require();
        var added = await SizeAsync(BuiltImages.Name(image)) - await SizeAsync(basis);
        Assert.InRange(added, 1, (long)mebibytes << MebibyteBits);
    }

    [Theory]
    [InlineData("coordinator")]
    [InlineData("cli")]
    public async Task There_is_no_shell_where_none_is_needed(string image)
    {
        ground.Require();
        var failure = await Assert.ThrowsAsync<PodmanException>(() => ground.Podman.RunAsync(Token, "run", "--rm", "--network=none", "--entrypoint=sh", BuiltImages.Name(image), "-c", "true"));
        Assert.Contains("executable file not found", failure.Error, StringComparison.Ordinal);
    }

    private async Task<long> SizeAsync(string image) => long.Parse(await ground.Podman.RunAsync(Token, "image", "inspect", image, "--format", "{{.Size}}"), CultureInfo.InvariantCulture);

    private async Task<JsonElement> InspectAsync(string image) =>
        JsonSerializer.Deserialize<JsonElement>(await ground.Podman.RunAsync(Token, "image", "inspect", image))[0];
}
