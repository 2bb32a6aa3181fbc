namespace Cluster.Client.Futures;

/// <summary>A callback that the user added.</summary>
internal sealed class UserCallback<TFuture>(Action<TFuture> callback) : FutureCallback
    where TFuture : ClusterFuture
{
    public override bool IsForeign => true;

    public override void Invoke(ClusterFuture future)
    {
        try
        {
            callback((TFuture)future);
        }
#pragma warning disable CA1031 // A callback may throw anything; it must break neither the job nor the other callbacks.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            FutureLog.CallbackFailed(future.Owner.Logger, exception, future.Id);
        }
    }
}
