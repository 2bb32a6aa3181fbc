using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Samples;

/// <summary>The quickstart's totals are those of <c>find</c>, <c>wc</c> and <c>sha256sum</c>.</summary>
public sealed class QuickstartSampleTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cluster-quickstart-");

    [Fact]
    public async Task The_totals_are_those_of_find_and_sha256sum()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var random = new Random(7);
        _directory.CreateSubdirectory("nested folder");
        for (var i = 0; i < 50; i++)
        {
            var content = new byte[random.Next(0, 200_000)];
            random.NextBytes(content);
            await File.WriteAllBytesAsync(Path.Combine(_directory.FullName, i % 2 == 0 ? "nested folder" : "", $"file {i}"), content, cancellationToken);
        }

        var lines = await RunAsync(cancellationToken);
        var digest = await DigestOfTheShellAsync(cancellationToken);
        Assert.Contains("files   50", lines);
        Assert.Contains($"bytes   {_directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)}", lines);
        Assert.Contains($"digest  {digest}", lines);
    }

    [Fact]
    public async Task A_directory_without_files_adds_up_to_nothing() => Assert.Contains("files   0", await RunAsync(TestContext.Current.CancellationToken));

    public void Dispose() => _directory.Delete(recursive: true);

    private async Task<string[]> RunAsync(CancellationToken cancellationToken)
    {
        using var quickstart = Process.Start(new ProcessStartInfo("dotnet", ["exec", BuildOutput.Of("samples/Quickstart", "Cluster.Samples.Quickstart.dll"), _directory.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = quickstart.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = quickstart.StandardError.ReadToEndAsync(cancellationToken);
        await quickstart.WaitForExitAsync(cancellationToken);
        Assert.True(quickstart.ExitCode == 0, await error);
        return (await output).Split('\n');
    }

    private async Task<string> DigestOfTheShellAsync(CancellationToken cancellationToken)
    {
        const string Pipeline = "find \"$0\" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", Pipeline, _directory.FullName]) { RedirectStandardOutput = true })!;
        var sums = await shell.StandardOutput.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        Assert.Equal(50, sums.Count(c => c == '\n'));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sums)));
    }
}
