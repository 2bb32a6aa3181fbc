namespace Cluster.Simulation.Wire;

/// <summary>Tasks that are over: in the simulation nothing is waited for.</summary>
internal static class Ended
{
    /// <summary>What a task has come to, its exception included.</summary>
    public static T ResultOf<T>(Task<T> task)
    {
        Require.That(task.IsCompleted, "something waits that should be over");
#pragma warning disable VSTHRD002 // It is over.
        return task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }
}
