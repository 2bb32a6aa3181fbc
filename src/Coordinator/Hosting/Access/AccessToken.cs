namespace Cluster.Coordinator.Hosting.Access;

/// <summary>A secret, and what its holder may do. Only the digest is kept.</summary>
/// <param name="Name">For logs and messages.</param>
/// <param name="Role">One role.</param>
/// <param name="Digest">SHA-256 of the secret.</param>
internal sealed record AccessToken(string Name, Role Role, byte[] Digest);
