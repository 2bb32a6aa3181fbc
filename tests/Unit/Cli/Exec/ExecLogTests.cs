using Cluster.Cli;
using Cluster.Cli.Exec;
using Xunit;

namespace Cluster.Unit.Cli.Exec;

public sealed class ExecLogTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"cluster-joblog-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_is_written_is_read_and_the_last_try_counts()
    {
        Write(goesOn: false, Outcome(0, 0), Outcome(4, 3), Outcome(2, 1), Outcome(3, 0) with { Signal = 9 });
        Assert.Equal(new Dictionary<long, bool> { [0] = true, [4] = false, [2] = false, [3] = false }, ExecLog.Read(_path));
        Write(goesOn: true, Outcome(4, 0));
        Assert.True(ExecLog.Read(_path)[4]);
        Assert.Equal(6, File.ReadAllLines(_path).Length);
        Write(goesOn: false, Outcome(1, 0));
        Assert.Equal([1L], ExecLog.Read(_path).Keys);
    }

    [Fact]
    public void Its_lines_are_those_of_GNU_parallel()
    {
        Write(goesOn: false, Outcome(0, 2) with { Node = "node-1", Output = new byte[7], Started = DateTimeOffset.UnixEpoch.AddSeconds(1.5), Elapsed = TimeSpan.FromSeconds(0.25), Command = ["echo", "a\tb\nc"] });
        Assert.Equal(
            ["Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand", "1\tnode-1\t1.500\t     0.250\t0\t7\t2\t0\techo 'a b c'"],
            File.ReadAllLines(_path));
    }

    [Fact]
    public void There_need_be_none() => Assert.Empty(ExecLog.Read(_path));

    [Fact]
    public void A_last_line_that_was_cut_off_counts_for_nothing()
    {
        Write(goesOn: false, Outcome(0, 0), Outcome(1, 0));
        File.WriteAllText(_path, File.ReadAllText(_path)[..^14]);
        Assert.Equal([0L], ExecLog.Read(_path).Keys);
    }

    [Fact]
    public void What_is_no_job_log_is_refused()
    {
        File.WriteAllText(_path, "some text\nand more\n");
        Assert.Contains("Line 1", Assert.Throws<UsageException>(() => ExecLog.Read(_path)).Message, StringComparison.Ordinal);
    }

    private static ExecOutcome Outcome(long index, int exitCode) => new(index, "x", ["true"]) { ExitCode = exitCode };

    private void Write(bool goesOn, params ExecOutcome[] outcomes)
    {
        using var log = ExecLog.Open(_path, goesOn);
        foreach (var outcome in outcomes)
        {
            log.Add(outcome);
        }
    }
}
