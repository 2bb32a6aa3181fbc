namespace Cluster.Client;

/// <summary>
/// A function cannot run on the cluster, because something that it captured, or the type of an argument that it takes, cannot leave this
/// process. Thrown by the call that was given the function, before anything is sent.
/// </summary>
public sealed class FunctionNotShippableException : ClusterException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What cannot travel, why, and what to do instead.</param>
    /// <param name="function">The function, described for people.</param>
    /// <param name="variable">The captured variable or the parameter that is to blame, as a path such as <c>settings.Log</c>; null where it is none.</param>
    /// <param name="variableType">The type of what cannot travel; null where it is no variable.</param>
    /// <param name="innerException">What the serializer or the runtime reported, where it did.</param>
    public FunctionNotShippableException(
        string message, string function, string? variable = null, Type? variableType = null, Exception? innerException = null)
        : base(message, isTransient: false, innerException)
    {
        Function = function;
        Variable = variable;
        VariableType = variableType;
    }

    /// <summary>The function, described for people: <c>the lambda (Int32) in Acme.Program.Main</c>.</summary>
    public string Function { get; }

    /// <summary>
    /// The captured variable or the parameter that is to blame, by its name in the source; members and inner variables follow after dots:
    /// <c>settings.Log</c>. <c>this</c> is the object around the function. Null where no variable is to blame.
    /// </summary>
    public string? Variable { get; }

    /// <summary>The type of what cannot travel; null where no variable is to blame.</summary>
    public Type? VariableType { get; }
}
