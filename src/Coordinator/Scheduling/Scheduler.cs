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
    private readonly TimeProvider _time;
    private readonly FairShare _fairShare = new();
    private readonly UnbegunChunks _unbegun;
    private readonly ChunkTable _chunks;
    private readonly NodeTable _nodes = new();
    private readonly JobTable _jobs;
    private readonly NodeAbsence _absence;
    private readonly JobEnding _ending;
    private readonly ChunkReturn _return;
    private readonly Dispatcher _dispatcher;
    private readonly ItemWithdrawal _withdrawal;
    private readonly CodeBar _codeBar;

    /// <summary>A scheduler without nodes and jobs.</summary>
    /// <param name="time">Source of timestamps: for timeouts, and for chunks that run longer than expected.</param>
    public Scheduler(TimeProvider time)
    {
        _time = time;
        _unbegun = new UnbegunChunks(time);
        _chunks = new ChunkTable(_unbegun);
        _jobs = new JobTable(_nodes, _fairShare);
        _absence = new NodeAbsence(time);
        CancelRequests requests = new(_unbegun, Commands);
        _ending = new JobEnding(_jobs, _absence, requests, Commands);
        _return = new ChunkReturn(_ending);
        _withdrawal = new ItemWithdrawal(_ending, requests);
        _dispatcher = new Dispatcher(_fairShare, _chunks, new ChunkRecall(_nodes, _unbegun, requests, time), _absence, Commands, time);
        _codeBar = new CodeBar(_nodes, _jobs, _unbegun, _ending, _dispatcher);
    }

    /// <summary>What is to be done, in order. The caller carries it out after each event, or after several, and clears it.</summary>
    public CommandBuffer Commands { get; } = new();

    /// <summary>How many chunks are in the hands of nodes.</summary>
    public int ChunksOut => _chunks.Count;

    /// <summary>A node takes work from now on.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public void NodeAttached(NodeId id, NodeTerms terms)
    {
        _nodes.Attach(id, terms);
        _absence.Update();
        _dispatcher.Run();
    }

    /// <summary>A node is silent: it keeps its chunks and takes no new ones.</summary>
    public void NodeSuspected(NodeId id)
    {
        if (_nodes.TryGet(id, out Node? node))
        {
            node.IsSuspect = true;
            node.Refresh();
        }
    }

    /// <summary>A suspected node has been heard of again.</summary>
    public void NodeTrusted(NodeId id)
    {
        if (_nodes.TryGet(id, out Node? node))
        {
            node.IsSuspect = false;
            node.Refresh();
            _dispatcher.Run();
        }
    }

    /// <summary>A node is gone. Its unanswered items go elsewhere, those that it had begun on charge of their budget; those pinned to it fail.</summary>
    public void NodeLost(NodeId id)
    {
        if (!_nodes.TryGet(id, out Node? node))
        {
            return;
        }

        List<Lane> orphaned = _jobs.FindLanesOnlyOn(node);
        _nodes.Detach(node);
        foreach (Chunk chunk in node.Chunks)
        {
            chunk.IsBack = true;
        }

        foreach (Lane lane in orphaned)
        {
            if (lane.Job.LaneOfItem is null)
            {
                _dispatcher.Refresh(lane);
            }
            else
            {
                FailPending(lane, FailureReason.NodeLost, node);
            }
        }

        while (node.Chunks.Count > 0)
        {
            Chunk chunk = node.Chunks[^1];
            double seconds = chunk.StartedAt is long start ? _time.GetElapsedTime(start).TotalSeconds : 0;
            TakeBack(chunk, seconds, outcome: null);
        }

        _dispatcher.Run();
    }

    /// <summary>A client opens a job.</summary>
    /// <exception cref="ArgumentException">The number is in use, or the terms make no sense.</exception>
    public void JobOpened(JobId id, JobTerms terms) => _jobs.Open(id, terms);

    /// <summary>More items of a job. Indices are consecutive and start at 0.</summary>
    /// <param name="id">The job; ignored when it has ended.</param>
    /// <param name="items">The items.</param>
    /// <param name="bytes">Size of all their inputs.</param>
    /// <exception cref="ArgumentException">They are not the next items of the job, or come after its end, or beyond the pinned ones.</exception>
    public void InputsAdded(JobId id, ItemRange items, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (!_jobs.TryGet(id, out Job? job) || items.Count == 0)
        {
            return;
        }

        if (job.InputsEnded || items.First != job.Received || (job.LaneOfItem is not null && items.End > (ulong)job.LaneOfItem.Length))
        {
            throw new ArgumentException(
                $"{id} cannot take {items}: {job.Received} came so far, the end {(job.InputsEnded ? "too" : "did not")}, {job.LaneOfItem?.Length} are pinned.", nameof(items));
        }

        job.Received += items.Count;
        job.Pending += items.Count;
        PendingSegment segment = new(items, (double)bytes / items.Count);
        if (job.LaneOfItem is null)
        {
            AddPending(job.Lanes[0], segment);
        }
        else
        {
            for (ulong index = items.First; index < items.End; index++)
            {
                AddPending(job.LaneOfItem[index], segment.Slice(index, index + 1));
            }
        }

        _dispatcher.Run();
    }

    /// <summary>No more items of a job come.</summary>
    public void InputsEnded(JobId id)
    {
        if (_jobs.TryGet(id, out Job? job) && !job.InputsEnded)
        {
            job.InputsEnded = true;
            _ending.EndIfComplete(job);
            RefreshAll(job);
        }
    }

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
        RefreshAll(job);
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
    public void ChunkStarted(ChunkId id)
    {
        if (!_chunks.TryGet(id, out Chunk? chunk) || chunk.StartedAt is not null)
        {
            return;
        }

        bool wasRecalled = chunk.RecalledFrom is not null;
        chunk.StartedAt = _time.GetTimestamp();
        _unbegun.Remove(chunk);
        if (!chunk.Lane.Job.HasEnded)
        {
            for (int i = 0; i < chunk.Unanswered.RangeCount; i++)
            {
                Commands.Add(SchedulerCommand.ItemsStarted(chunk.Lane.Job.Id, chunk.Unanswered[i], chunk.Node.Id));
            }
        }

        if (wasRecalled)
        {
            // Another may do for the slot that this one came too late for.
            _dispatcher.Run();
        }
    }

    /// <summary>Items have results.</summary>
    /// <param name="id">The chunk that they belong to.</param>
    /// <param name="items">The items.</param>
    /// <param name="resultBytes">Size of the results.</param>
    /// <param name="busy">Time that the worker spent on them.</param>
    /// <param name="accepted">Cleared; receives the items whose results count and must be delivered. The others have been answered before.</param>
    public void ItemsSucceeded(ChunkId id, ItemRange items, long resultBytes, TimeSpan busy, List<ItemRange> accepted)
    {
        accepted.Clear();
        if (!_chunks.TryGet(id, out Chunk? chunk) || chunk.Lane.Job.HasEnded)
        {
            return;
        }

        ulong before = chunk.Unanswered.Count;
        chunk.Unanswered.Remove(items, accepted);
        ulong count = before - chunk.Unanswered.Count;
        if (count == 0)
        {
            return;
        }

        Job job = chunk.Lane.Job;
        chunk.Withdrawn.Remove(items);
        chunk.Node.ItemsAnswered += count;
        job.Completed += count;
        bool mayPrefetch = job.Sizer.MayPrefetch;
        job.Sizer.Record(count, busy.TotalSeconds, resultBytes, chunk.IsProbe);
        _ending.EndIfComplete(job);
        _withdrawal.ItemsAnswered(chunk);
        if (mayPrefetch != job.Sizer.MayPrefetch)
        {
            _dispatcher.Run();
        }

        FlushPartialChunk(job);
    }

    /// <summary>An item has failed in the user's code.</summary>
    /// <returns>Whether the failure counts and must be delivered.</returns>
    public bool ItemFailed(ChunkId id, ulong index)
    {
        if (!_chunks.TryGet(id, out Chunk? chunk) || chunk.Lane.Job.HasEnded || !chunk.Unanswered.Contains(index))
        {
            return false;
        }

        chunk.Unanswered.Remove(new ItemRange(index, 1));
        chunk.Withdrawn.Remove(new ItemRange(index, 1));
        chunk.Node.ItemsAnswered++;
        _ending.CountFailure(chunk.Lane.Job);
        _withdrawal.ItemsAnswered(chunk);
        FlushPartialChunk(chunk.Lane.Job);
        return true;
    }

    /// <summary>A node is done with a chunk and the slot is free.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="elapsed">From the hand-over to the worker until the end.</param>
    public void ChunkEnded(ChunkId id, ChunkOutcome outcome, TimeSpan elapsed)
    {
        if (!_chunks.TryGet(id, out Chunk? chunk))
        {
            return;
        }

        // Whatever this leads to, nobody asks the node for the chunk any more.
        chunk.IsBack = true;
        if (outcome is ChunkOutcome.CodeFailed or ChunkOutcome.CodeUnavailable)
        {
            _codeBar.Add(chunk.Lane.Job, chunk.Node, outcome);
        }

        TakeBack(chunk, elapsed.TotalSeconds, outcome);
        _dispatcher.Run();
    }

    /// <summary>Does what time makes due. Call it often: what it does comes late by the time between two calls at most.</summary>
    public void Tick()
    {
        while (_absence.FindTimedOut() is Lane lane)
        {
            if (lane.Job.LaneOfItem is null)
            {
                _ending.End(lane.Job, _codeBar.KeepsNodesFrom(lane) ? JobOutcome.CodeFailed : JobOutcome.NoNodes);
            }
            else
            {
                FailPending(lane, FailureReason.NoNodes, null);
            }
        }

        _dispatcher.Run();
    }

    /// <summary>How far an open job is; null when it is not open.</summary>
    public JobSnapshot? GetJob(JobId id) => _jobs.TryGet(id, out Job? job) ? JobReport.Describe(job, _nodes.Count, _jobs.Jobs) : null;

    /// <summary>What an attached node is doing; null when it is not attached.</summary>
    public NodeSnapshot? GetNode(NodeId id) =>
        _nodes.TryGet(id, out Node? node) ? new NodeSnapshot(node.Chunks.Count, node.IsSuspect, node.ItemsAnswered) : null;

    private void SetOutputBlocked(JobId id, bool isBlocked)
    {
        if (_jobs.TryGet(id, out Job? job))
        {
            job.IsOutputBlocked = isBlocked;
            RefreshAll(job);
        }
    }

    private void AddPending(Lane lane, in PendingSegment segment)
    {
        lane.Pending.Add(segment);
        _dispatcher.Refresh(lane);
    }

    private void RefreshAll(Job job)
    {
        foreach (Lane lane in job.Lanes)
        {
            _dispatcher.Refresh(lane);
        }

        _dispatcher.Run();
    }

    /// <summary>A chunk of the caller's size that is not full goes out as soon as nothing else of the job is under way.</summary>
    private void FlushPartialChunk(Job job)
    {
        if (job.Terms.ChunkSize is not null && job.Held == 0 && job.Pending > 0)
        {
            RefreshAll(job);
        }
    }

    private void TakeBack(Chunk chunk, double seconds, ChunkOutcome? outcome)
    {
        (Job job, Lane lane) = (chunk.Lane.Job, chunk.Lane);
        _dispatcher.Settle(chunk, seconds);
        if (!job.HasEnded && chunk.Unanswered.Count > 0)
        {
            _return.Return(chunk, outcome);
        }

        _chunks.Close(chunk);
        if (job.HasEnded)
        {
            _ending.ReleaseIfIdle(job);
            return;
        }

        _ending.EndIfComplete(job);
        _dispatcher.Refresh(lane);
    }

    private void FailPending(Lane lane, FailureReason reason, Node? node)
    {
        while (lane.Pending.Count > 0 && !lane.Job.HasEnded)
        {
            PendingSegment segment = lane.Pending.Take(ulong.MaxValue, double.MaxValue);
            lane.Job.Pending -= segment.Items.Count;
            _ending.Fail(lane.Job, segment with { Attempt = segment.Attempt - 1 }, reason, node);
        }

        _dispatcher.Refresh(lane);
    }
}
