using Cluster.Protocol.V1;

namespace Cluster.Coordinator.Lambdas;

/// <summary>What came of a text: code, or problems.</summary>
/// <param name="Key">The text's SHA-256, in hexadecimal.</param>
/// <param name="Function">What a job's spec says; null: it does not compile.</param>
/// <param name="Description">What it takes and gives.</param>
/// <param name="Problems">Why it does not compile.</param>
internal sealed record Lambda(string Key, Function? Function, RegisteredFunction? Description, CompileReply? Problems)
{
    /// <summary>The only file of its code.</summary>
    public CodeFile? File => Function?.Code.Files[0];
}
