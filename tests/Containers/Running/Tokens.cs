using System.Security.Cryptography;

namespace Cluster.Containers.Running;

/// <summary>Tokens as deploy/k8s/new-tokens makes them: files that containers get as volumes.</summary>
internal sealed class Tokens
{
    public Tokens(string folder)
    {
        var secrets = new[] { "node", "submit", "admin" }.ToDictionary(role => role, _ => RandomNumberGenerator.GetHexString(40));
        Admin = secrets["admin"];
        Coordinator = Write(folder, string.Concat(secrets.Select(secret => $"{secret.Key} {secret.Value} {secret.Key}\n")));
        Node = Write(folder, secrets["node"]);
        Client = Write(folder, secrets["submit"]);
    }

    public string Admin { get; }

    /// <summary>The file with all of them.</summary>
    public string Coordinator { get; }

    public string Node { get; }

    public string Client { get; }

    private static string Write(string folder, string content)
    {
        var path = Path.Combine(folder, $"token-{Guid.NewGuid():N}");
        File.WriteAllText(path, content);

        // The folder around is closed to others, and the user of the containers is one.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }
}
