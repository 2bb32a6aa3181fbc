using System.Text.Json.Serialization;
using Cluster.Client.Objects.Handles;
using Cluster.Client.Objects.Locks;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>A point that a number of tasks reach together: <c>multiprocessing.Barrier</c>.</summary>
[JsonConverter(typeof(SharedObjectConverter))]
public sealed class ClusterBarrier : ClusterObject
{
    internal ClusterBarrier(ObjectHandle handle)
        : base(handle)
    {
    }

    /// <summary>Waits until as many wait as the barrier has parties.</summary>
    /// <param name="timeout">How long; if that is not enough the barrier breaks, for all. Default (null): what the barrier was made with.</param>
    /// <param name="cancellationToken">Cancels the wait, and breaks the barrier.</param>
    /// <returns>A number from 0 on that each of them gets once: in the order in which they came.</returns>
    /// <exception cref="BarrierBrokenException">Someone did not make it.</exception>
    public async Task<int> WaitAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        (int)(await Handle.CallAsync(new ObjectRequest { BarrierWait = new BarrierWait() }.Within(timeout), cancellationToken).ConfigureAwait(false)).Index;

    /// <summary>
    /// Waits until as many wait as the barrier has parties. The one that comes last carries out its action before any of them goes on: <c>Barrier(parties, action)</c>. If it throws, or its
    /// process ends, the barrier breaks. While it runs nobody's time runs out, and those who come wait for the next round.
    /// </summary>
    /// <param name="action">What the caller does if it is the last one.</param>
    /// <param name="timeout">How long to wait; if that is not enough the barrier breaks, for all. Default (null): what the barrier was made with.</param>
    /// <param name="cancellationToken">Cancels the wait, and breaks the barrier. The action gets it too.</param>
    /// <returns>A number from 0 on that each of them gets once: in the order in which they came.</returns>
    /// <exception cref="BarrierBrokenException">Someone did not make it, or somebody's action failed. The one whose action it was gets what the action threw.</exception>
    public async Task<int> WaitAsync(Func<CancellationToken, Task> action, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        var reply = await Handle.CallAsync(new ObjectRequest { BarrierWait = new BarrierWait { HasAction = true } }.Within(timeout), cancellationToken).ConfigureAwait(false);
        if (reply.BarrierAction is not { } due)
        {
            return (int)reply.Index;
        }

        try
        {
            await action(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await Handle.TryCallAsync(Release(due, failed: true), CancellationToken.None).ConfigureAwait(false);
            throw;
        }

        await Handle.CallAsync(Release(due, failed: false), CancellationToken.None).ConfigureAwait(false);
        return (int)due.Index;
    }

    /// <summary>The same, with an action that does not wait for anything.</summary>
    /// <param name="action">What the caller does if it is the last one.</param>
    /// <param name="timeout">How long to wait. Default (null): what the barrier was made with.</param>
    /// <param name="cancellationToken">Cancels the wait, and breaks the barrier.</param>
    /// <returns>A number from 0 on that each of them gets once.</returns>
    /// <exception cref="BarrierBrokenException">Someone did not make it, or somebody's action failed.</exception>
    public Task<int> WaitAsync(Action action, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(action);
        return WaitAsync(
            _ =>
            {
                action();
                return Task.CompletedTask;
            },
            timeout,
            cancellationToken);
    }

    /// <summary>Breaks the barrier: all who wait, and all who come, are told.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is broken.</returns>
    public Task AbortAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { BarrierAbort = new BarrierAbort() }, cancellationToken);

    /// <summary>Makes the barrier as new; those who wait are told that it broke.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Completes when it is as new.</returns>
    public Task ResetAsync(CancellationToken cancellationToken = default) => Handle.CallAsync(new ObjectRequest { BarrierReset = new BarrierReset() }, cancellationToken);

    private static ObjectRequest Release(BarrierAction due, bool failed) => new() { BarrierRelease = new BarrierRelease { Token = due.Token, Failed = failed } };

    /// <inheritdoc/>
    public override string ToString() => Name.Length > 0 ? $"barrier '{Name}'" : "an anonymous barrier";
}
