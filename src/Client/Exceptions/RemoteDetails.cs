using System.Text;

namespace Cluster.Client.Exceptions;

/// <summary>What an exception's text says beyond its message: what only the node and the worker knew.</summary>
internal static class RemoteDetails
{
    /// <summary>Adds the remote stack and the worker's last words, as far as they are known.</summary>
    /// <param name="text">What every exception says of itself. With an inner exception, which prints the remote stack as its own, it is there already.</param>
    /// <param name="stack">The remote stack; empty where there is none to add.</param>
    /// <param name="node">The node.</param>
    /// <param name="workerPid">The worker.</param>
    /// <param name="stderrTail">The last lines that it wrote.</param>
    public static string Append(string text, string stack, string node, int workerPid, string stderrTail)
    {
        var all = new StringBuilder(text);
        if (stack.Length > 0)
        {
            all.AppendLine().Append("--- stack on node ").Append(node).AppendLine(" ---").Append(stack);
        }

        if (stderrTail.Length > 0)
        {
            all.AppendLine().Append("--- stderr of worker ").Append(workerPid).AppendLine(" ---").Append(stderrTail);
        }

        return all.ToString();
    }
}
