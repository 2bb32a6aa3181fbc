namespace Cluster.Coordinator.Hosting;

/// <summary>Refuses options under which strangers could use the cluster, or which protect less than they seem to.</summary>
internal static class ExposureCheck
{
    /// <returns>What is wrong and what to do; null: nothing.</returns>
    public static string? Refuse(CoordinatorOptions options)
    {
        if (options.Token is null && options.Listen.FirstOrDefault(address => !address.IsLocal) is { } exposed)
        {
            return $"{exposed} can be reached from other machines, and whoever reaches the coordinator runs code on every node. Make a token with `cluster token create`, and give it with --token-file or CLUSTER_TOKEN; or listen on a loopback address.";
        }

        if (options.Tls is null)
        {
            return options.Listen.FirstOrDefault(address => address.IsSecure) is { } secure
                ? $"{secure} needs a certificate. Give --tls-certificate, and --tls-key where the key is in a file of its own; or listen on an http:// address."
                : null;
        }

        if (!options.Listen.Any(address => address.IsSecure))
        {
            return "There is a certificate, but no address uses it. Listen on an https:// address (--listen https://IP-ADDRESS:PORT), or leave --tls-certificate out.";
        }

        return options.Tls.ClientAuthorityFile is not null && options.Listen.FirstOrDefault(address => !address.IsSecure && !address.IsLocal) is { } open
            ? $"Callers of {open} would need no certificate, in spite of --tls-client-ca. Make it an https:// address, or one on loopback."
            : null;
    }
}
