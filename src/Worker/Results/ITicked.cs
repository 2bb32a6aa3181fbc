namespace Cluster.Worker.Results;

/// <summary>Somebody who wants to know that some time has passed.</summary>
internal interface ITicked
{
    /// <summary>About one period has passed.</summary>
    void Tick();
}
