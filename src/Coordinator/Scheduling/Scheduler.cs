namespace Cluster.Coordinator.Scheduling;

/// <summary>
/// Decides which node runs which items when. It does no input or output: events come in as method calls, decisions go out through
/// <see cref="Commands"/>. It has one writer; nothing here is safe for several threads.
/// </summary>
/// <remarks>
/// Events about jobs, nodes and chunks that are unknown (any more) are ignored: they cross the commands that ended them. Events that break the
/// contract, such as inputs out of order, throw <see cref="ArgumentException"/>: who passes them on must have checked them.
/// </remarks>
internal sealed class Scheduler
{
    private readonly ChunkTable _chunks;
    private readonly NodeTable _nodes = new();
    private readonly JobTable _jobs;
    private readonly JobEnding _ending;
    private readonly Dispatcher _dispatcher;
    private readonly ItemWithdrawal _withdrawal;
    private readonly Speculation _speculation;
    private readonly JobInputs _inputs;
    private readonly NodeMembership _membership;
    private readonly Adoption _adoption;
    private readonly ChunkProgress _progress;

    /// <summary>A scheduler without nodes and jobs.</summary>
    /// <param name="time">Source of timestamps: for timeouts, and for chunks that run longer than expected.</param>
    public Scheduler(TimeProvider time)
    {
        FairShare fairShare = new();
        UnbegunChunks unbegun = new(time);
        NodeAbsence absence = new(time);
        CancelRequests requests = new(unbegun, Commands);
        _chunks = new ChunkTable(unbegun);
        _jobs = new JobTable(_nodes, fairShare);
        _ending = new JobEnding(_jobs, absence, requests, Commands);
        _speculation = new Speculation(_nodes, _jobs, _chunks, fairShare, requests, Commands, time);
        _withdrawal = new ItemWithdrawal(_ending, requests, _speculation);
        _dispatcher = new Dispatcher(fairShare, _chunks, new ChunkRecall(_nodes, unbegun, requests, time), absence, Commands, time);
        _adoption = new Adoption(_nodes, _jobs, _dispatcher, _speculation);
        _inputs = new JobInputs(_jobs, _ending, _adoption, _dispatcher);
        CodeBar codeBar = new(_nodes, _jobs, unbegun, _ending, _dispatcher);
        _progress = new ChunkProgress(_chunks, unbegun, new ChunkReturn(_ending), codeBar, _withdrawal, _speculation, _ending, _dispatcher, Commands, time);
        _membership = new NodeMembership(_nodes, _jobs, absence, codeBar, _ending, _progress, _adoption, _dispatcher, time);
    }

    /// <summary>What is to be done, in order. The caller carries it out after each event, or after several, and clears it.</summary>
    public CommandBuffer Commands { get; } = new();

    /// <summary>How many chunks are in the hands of nodes.</summary>
    public int ChunksOut => _chunks.Count;

    /// <summary>A node takes work from now on.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public void NodeAttached(NodeId id, NodeTerms terms) => _membership.Attach(id, terms, []);

    /// <summary>The same for a node that has items in hand, from a session that is over: it goes on with those that still need an answer.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public void NodeAttached(NodeId id, NodeTerms terms, IEnumerable<HeldItem> held) => _membership.Attach(id, terms, held);

    /// <summary>A node has an item in hand, of a job that is opened again after it attached. It is ignored when there is no such job or node.</summary>
    public void ItemHeld(NodeId node, HeldItem item) => _adoption.Add(item.Job, node, item.Index);

    /// <summary>A node is silent: it keeps its chunks and takes no new ones.</summary>
    public void NodeSuspected(NodeId id) => _membership.Suspect(id);

    /// <summary>
    /// The connection to a node is gone. It keeps its chunks, since it may come back with them; soon others run them too, and who answers first counts.
    /// </summary>
    public void NodeDisconnected(NodeId id) => _membership.Disconnect(id);

    /// <summary>A suspected node has been heard of again.</summary>
    public void NodeTrusted(NodeId id) => _membership.Trust(id);

    /// <summary>A node is about to leave: it gets no new work, and hands back what it does not finish. Items that are pinned to it wait for its return.</summary>
    public void NodeDraining(NodeId id) => _membership.Drain(id);

    /// <summary>A node has taken its leave. What it still held goes elsewhere, and nobody is charged.</summary>
    public void NodeLeft(NodeId id) => _membership.Leave(id);

    /// <summary>A node is gone. Its unanswered items go elsewhere, those that it had begun on charge of their budget; those pinned to it fail.</summary>
    public void NodeLost(NodeId id) => _membership.Lose(id);

    /// <summary>A client opens a job.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public void JobOpened(JobId id, JobTerms terms) => _jobs.Open(id, terms);

    /// <summary>More items of a job. Indices are consecutive and start at 0.</summary>
    /// <param name="id">The job; ignored when it has ended.</param>
    /// <param name="items">The items.</param>
    /// <param name="bytes">Size of all their inputs.</param>
    /// <exception cref="ArgumentException">They are not the next items of the job, or come after its end, or beyond the pinned ones.</exception>
    public void InputsAdded(JobId id, ItemRange items, long bytes) => _inputs.Add(id, items, bytes);

    /// <summary>The next items of a job have their answers from an earlier run of it: they count as received and completed.</summary>
    /// <param name="id">The job; ignored when it has ended.</param>
    /// <param name="items">The items.</param>
    /// <exception cref="ArgumentException">They are not the next items of the job, or come after its end, or beyond the pinned ones.</exception>
    public void InputsSkipped(JobId id, ItemRange items) => _inputs.Skip(id, items);

    /// <summary>No more items of a job come.</summary>
    public void InputsEnded(JobId id) => _inputs.End(id);

    /// <summary>The client withdraws items. Those that nobody holds are cancelled at once, chunks that wait on a node are recalled.</summary>
    /// <param name="id">The job.</param>
    /// <param name="items">Which items; those answered already stay answered.</param>
    /// <param name="force">
    /// Cancel items that run too, at the cost of their worker. Otherwise these are asked to stop once no other item of their chunk is left, and
    /// count as cancelled unless they finish.
    /// </param>
    public void ItemsCancelled(JobId id, ItemRange items, bool force)
    {
        if (!_jobs.TryGet(id, out Job? job))
        {
            return;
        }

        _withdrawal.Withdraw(job, items, force);
        _ending.EndIfComplete(job);
        _dispatcher.RefreshAll(job);
    }

    /// <summary>The client withdraws a job.</summary>
    public void JobCancelled(JobId id)
    {
        if (_jobs.TryGet(id, out Job? job))
        {
            _ending.End(job, JobOutcome.Cancelled);
            _dispatcher.Run();
        }
    }

    /// <summary>The client reads too slowly: nothing more of the job goes out.</summary>
    public void OutputBlocked(JobId id) => SetOutputBlocked(id, true);

    /// <summary>The client has caught up.</summary>
    public void OutputUnblocked(JobId id) => SetOutputBlocked(id, false);

    /// <summary>A worker has taken a chunk.</summary>
    public void ChunkStarted(ChunkId id) => _progress.Start(id);

    /// <summary>Items have results.</summary>
    /// <param name="id">The chunk that they belong to.</param>
    /// <param name="items">The items.</param>
    /// <param name="resultBytes">Size of the results.</param>
    /// <param name="busy">Time that the worker spent on them.</param>
    /// <param name="accepted">Cleared; receives the items whose results count and must be delivered. The others have been answered before.</param>
    public void ItemsSucceeded(ChunkId id, ItemRange items, long resultBytes, TimeSpan busy, List<ItemRange> accepted) =>
        _progress.Succeed(id, items, resultBytes, busy, accepted);

    /// <summary>An item has failed in the user's code.</summary>
    /// <returns>Whether the failure counts and must be delivered.</returns>
    public bool ItemFailed(ChunkId id, ulong index) => _progress.Fail(id, index);

    /// <summary>An item's time was up and its worker has to be ended. It fails, or goes back if its job allows another attempt.</summary>
    /// <param name="id">The chunk that it belongs to, whose end is told next.</param>
    /// <param name="index">The item.</param>
    /// <param name="tries">How many attempts at it have failed so far.</param>
    public void ItemTimedOut(ChunkId id, ulong index, uint tries) => _progress.TimeOut(id, index, tries);

    /// <summary>A node is done with a chunk and the slot is free.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="elapsed">From the hand-over to the worker until the end.</param>
    public void ChunkEnded(ChunkId id, ChunkOutcome outcome, TimeSpan elapsed) => _progress.End(id, outcome, elapsed);

    /// <summary>Does what time makes due. Call it often: what it does comes late by the time between two calls at most.</summary>
    public void Tick()
    {
        _membership.EndVainWaits();
        _dispatcher.Run();
        _speculation.Run();
    }

    /// <summary>How far an open job is; null when it is not open.</summary>
    public JobSnapshot? GetJob(JobId id) => _jobs.TryGet(id, out Job? job) ? JobReport.Describe(job, _nodes.Count, _jobs.Jobs) : null;

    /// <summary>What an attached node is doing; null when it is not attached.</summary>
    public NodeSnapshot? GetNode(NodeId id) =>
        _nodes.TryGet(id, out Node? node) ? new NodeSnapshot(node.Chunks.Count, node.IsSuspect, node.IsDraining, node.ItemsAnswered) : null;

    /// <summary>What there is to do, and who is there to do it.</summary>
    public ClusterLoad GetLoad() => ClusterLoad.Of(_jobs.Jobs, _nodes.All);

    private void SetOutputBlocked(JobId id, bool isBlocked)
    {
        if (_jobs.TryGet(id, out Job? job))
        {
            job.IsOutputBlocked = isBlocked;
            _dispatcher.RefreshAll(job);
        }
    }
}
