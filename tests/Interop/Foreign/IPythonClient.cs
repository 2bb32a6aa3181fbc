namespace Cluster.Interop.Foreign;

/// <summary>A Python client with a list of cases.</summary>
public interface IPythonClient
{
    /// <summary>Its file in the folder Python.</summary>
    static abstract string Script { get; }
}
