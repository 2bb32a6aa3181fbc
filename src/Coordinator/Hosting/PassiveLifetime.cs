namespace Cluster.Coordinator.Hosting;

/// <summary>
/// Leaves signals to the program: the host inside of it, or inside of a test, must not decide when the process ends.
/// </summary>
internal sealed class PassiveLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
