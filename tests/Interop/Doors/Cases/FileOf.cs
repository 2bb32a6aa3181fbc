using System.Security.Cryptography;
using System.Text;

namespace Cluster.Interop.Doors.Cases;

/// <summary>A file to upload.</summary>
/// <param name="name">Its name.</param>
/// <param name="content">What is in it.</param>
internal sealed class FileOf(string name, byte[] content)
{
    public FileOf(string name, string content)
        : this(name, Encoding.UTF8.GetBytes(content))
    {
    }

    /// <summary>As base64.</summary>
    public string Sha256 { get; } = Convert.ToBase64String(SHA256.HashData(content));

    /// <summary>A <c>CodeFile</c> in JSON.</summary>
    public string Reference => $$"""{"name":"{{name}}","sha256":"{{Sha256}}","size":{{content.Length}}}""";

    /// <summary>A <c>FileBlock</c> in JSON.</summary>
    public string Block => $$"""{"file":{{Reference}},"data":"{{Convert.ToBase64String(content)}}"}""";

    /// <summary>Whether these blocks, one after another, are the file.</summary>
    public bool IsIn(IEnumerable<System.Text.Json.JsonElement> blocks) =>
        blocks.SelectMany(static block => block.TryGetProperty("data", out var data) ? data.GetBytesFromBase64() : []).SequenceEqual(content);
}
