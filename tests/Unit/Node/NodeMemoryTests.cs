using Cluster.Node.Workers.Memory;
using Xunit;

namespace Cluster.Unit.Node;

public sealed class NodeMemoryTests
{
    private readonly Dictionary<string, string> _files = new() { ["/proc/meminfo"] = "MemTotal:        8388608 kB\nMemFree:  100 kB\n" };

    private long? Limit => new NodeMemory(_files.GetValueOrDefault).Limit();

    [Fact]
    public void Without_groups_it_is_the_machines()
    {
        Assert.Equal(8L << 30, Limit);
        _files.Remove("/proc/meminfo");
        Assert.Null(Limit);
    }

    [Fact]
    public void The_lowest_limit_on_the_way_to_the_root_counts()
    {
        _files["/proc/self/cgroup"] = "0::/pod/container\n";
        _files["/sys/fs/cgroup/pod/container/memory.max"] = "max\n";
        Assert.Equal(8L << 30, Limit);
        _files["/sys/fs/cgroup/pod/memory.max"] = "1073741824\n";
        Assert.Equal(1L << 30, Limit);
        _files["/sys/fs/cgroup/pod/container/memory.max"] = "536870912\n";
        Assert.Equal(512L << 20, Limit);
    }

    [Fact]
    public void The_root_counts_in_a_container()
    {
        _files["/proc/self/cgroup"] = "12:cpu:/docker/4f\n4:memory:/docker/4f\n";
        _files["/sys/fs/cgroup/memory/memory.limit_in_bytes"] = "2147483648\n";
        Assert.Equal(2L << 30, Limit);
        _files["/proc/self/cgroup"] = "0::/\n";
        _files["/sys/fs/cgroup/memory.max"] = "1073741824\n";
        Assert.Equal(1L << 30, Limit);
    }

    [Fact]
    public void Files_and_shared_memory_are_not_a_process_s_own()
    {
        Assert.Equal(8200, ProcessMemory.Pages("70000 9000 800 1 0 500 0\n"));
        Assert.Equal(0, ProcessMemory.Pages(""));
        Assert.Equal(0, ProcessMemory.Own(int.MaxValue));
    }
}
