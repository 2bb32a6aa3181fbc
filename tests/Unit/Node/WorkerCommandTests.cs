using System.Runtime.InteropServices;
using Cluster.Node.Workers.Processes;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class WorkerCommandTests
{
    [Fact]
    public void The_worker_is_complete_in_the_output_of_whoever_references_the_node()
    {
        var command = WorkerCommand.Find(AppContext.BaseDirectory);
        Assert.True(File.Exists(command.FileName));
        Assert.Equal(["exec", Path.Combine(AppContext.BaseDirectory, "Cluster.Worker.dll")], command.Arguments);
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "Cluster.Worker.deps.json")));
    }

    [Fact]
    public void Missing_files_are_named()
    {
        var exception = Assert.Throws<FileNotFoundException>(() => WorkerCommand.Find("/nowhere"));
        Assert.Contains("/nowhere/Cluster.Worker.dll", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_is_that_of_this_process_or_of_its_runtime()
    {
        Assert.Equal("/opt/net/dotnet", WorkerCommand.FindHost("/opt/net/dotnet", "/elsewhere"));
        Assert.True(File.Exists(WorkerCommand.FindHost("/opt/app/Cluster.Node", RuntimeEnvironment.GetRuntimeDirectory())));
        Assert.Throws<FileNotFoundException>(() => WorkerCommand.FindHost("/opt/app/Cluster.Node", "/nowhere/shared/Microsoft.NETCore.App/10.0.0/"));
    }
}
