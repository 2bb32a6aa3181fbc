using Cluster.Coordinator.Journal;
using Cluster.Coordinator.Sharing;
using Cluster.Coordinator.Sharing.Storage;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Cluster.TestKit.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cluster.Unit.Coordinator.Sharing;

/// <summary>The loop of the shared objects with a journal on some disk, and callers.</summary>
internal sealed class LoopUnderTest : IAsyncDisposable
{
    private readonly ObjectJournal _journal;

    private LoopUnderTest(ObjectJournal journal, ObjectLoop loop, ManualTime time, Lifetime lifetime)
    {
        (_journal, Loop, Time, Ended) = (journal, loop, time, lifetime);
    }

    public ObjectLoop Loop { get; }

    public ManualTime Time { get; }

    /// <summary>Whether the loop has failed.</summary>
    public Lifetime Ended { get; }

    public static async Task<LoopUnderTest> StartAsync(IJournalDirectory disk, JournalOptions? options = null, ManualTime? time = null, long memoryLimit = long.MaxValue)
    {
        time ??= new ManualTime();
        var lifetime = new Lifetime();
        var journal = await ObjectJournal.OpenAsync(disk, options ?? new JournalOptions(), "incarnation", time, NullLogger<ObjectJournal>.Instance);
        return new LoopUnderTest(journal, new ObjectLoop(journal, memoryLimit, time, lifetime, NullLogger<ObjectLoop>.Instance), time, lifetime);
    }

    public async Task<ObjectCaller> CallAsync()
    {
        var caller = new ObjectCaller(Loop, TestContext.Current.CancellationToken);
        await Loop.ConnectAsync(caller.Connection, new ObjectsHello { Name = "test" }, TimeSpan.FromSeconds(1));
        return caller;
    }

    public ObjectCaller Read() => ObjectCaller.Read(Loop, TestContext.Current.CancellationToken);

    /// <summary>A dictionary's id.</summary>
    public static async Task<ulong> OpenAsync(ObjectCaller caller, string name)
    {
        var opened = await caller.AskAsync(new ObjectRequest { Open = new ObjectOpen { Kind = ObjectKind.Dictionary, Name = name } }).Within();
        Assert.Null(opened.Error);
        return opened.Opened.Object;
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        await _journal.DisposeAsync();
        Assert.False(Ended.HasStopped, "The loop has failed.");
    }

    internal sealed class Lifetime : IHostApplicationLifetime
    {
        public bool HasStopped { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => HasStopped = true;
    }
}
