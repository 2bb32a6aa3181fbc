namespace Cluster.Coordinator.Lambdas;

/// <summary>What is to blame where a text is refused without its problems being known.</summary>
internal enum LambdaRefusal
{
    /// <summary>The text.</summary>
    Text,

    /// <summary>Others, who want too much at the moment.</summary>
    Busy,

    /// <summary>This coordinator, which cannot compile.</summary>
    Compiler,
}
