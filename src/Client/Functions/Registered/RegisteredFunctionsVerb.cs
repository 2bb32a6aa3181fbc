using Cluster.Client.Functions;
using Cluster.Protocol.V1;

namespace Cluster.Client;

/// <summary>Gives functions names under which anybody can call them, and tells which there are.</summary>
public static class RegisteredFunctionsVerb
{
    /// <summary>
    /// Uploads an assembly with what it needs, and registers its functions: the static methods with <see cref="ClusterFunctionAttribute"/>. What a set of this name had before
    /// becomes a previous version, which can still be called.
    /// </summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="assemblyPath">The assembly. What it refers to, and the XML file with its documentation, are looked for next to it.</param>
    /// <param name="set">Name of the set: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The set as it is now.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadImageFormatException">The file is not an assembly.</exception>
    /// <exception cref="ClusterException">The functions cannot be registered, or the coordinator did not answer.</exception>
    public static async Task<ClusterFunctionSet> PushAsync(this ClusterClient cluster, string assemblyPath, string set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentException.ThrowIfNullOrEmpty(assemblyPath);
        ArgumentException.ThrowIfNullOrEmpty(set);
        cluster.Connection.ThrowIfDisposed();
        var code = PushedCode.Read(assemblyPath);

        // Others may have cleared the coordinator's store since this client looked.
        cluster.Connection.Code.Forget(code.Files);
        return await cluster.CallAsync(
            async () =>
            {
                await cluster.Connection.Code.EnsureAsync(code.Files, cancellationToken).ConfigureAwait(false);
                var request = new RegisterFunctionsRequest { Set = set, Code = code.Code, Assembly = code.Assembly, Documentation = code.Documentation?.File };
                var reply = await cluster.Connection.Functions.RegisterAsync(request, cluster.Connection.Headers, cancellationToken: cancellationToken).ConfigureAwait(false);
                return ClusterFunctionSet.From(reply.Set);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists what can be called by name.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="set">A set, or a version of one (<c>samples@VERSION</c>). Default: the current versions of all sets.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The sets, by name.</returns>
    /// <exception cref="ClusterException">There is no such set, or the coordinator did not answer.</exception>
    public static Task<IReadOnlyList<ClusterFunctionSet>> FunctionsAsync(this ClusterClient cluster, string set = "", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(set);
        cluster.Connection.ThrowIfDisposed();
        return cluster.CallAsync<IReadOnlyList<ClusterFunctionSet>>(
            async () =>
            {
                var request = new ListFunctionsRequest { Set = set };
                var reply = await cluster.Connection.Functions.ListAsync(request, cluster.Connection.Headers, cancellationToken: cancellationToken).ConfigureAwait(false);
                return [.. reply.Sets.Select(ClusterFunctionSet.From)];
            },
            cancellationToken);
    }

    /// <summary>Forgets a set with all its versions, or one version that is not the current one. Jobs that run are not disturbed.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="set">A set, or a version of one (<c>samples@VERSION</c>).</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many versions were forgotten.</returns>
    /// <exception cref="ClusterException">There is no such set, it is the current version, or the coordinator did not answer.</exception>
    public static Task<int> UnregisterFunctionsAsync(this ClusterClient cluster, string set, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentException.ThrowIfNullOrEmpty(set);
        cluster.Connection.ThrowIfDisposed();
        return cluster.CallAsync(
            async () =>
            {
                var request = new UnregisterFunctionsRequest { Set = set };
                var reply = await cluster.Connection.Functions.UnregisterAsync(request, cluster.Connection.Headers, cancellationToken: cancellationToken).ConfigureAwait(false);
                return (int)reply.Versions;
            },
            cancellationToken);
    }
}
