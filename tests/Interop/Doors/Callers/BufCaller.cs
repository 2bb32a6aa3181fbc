using Cluster.Interop.Foreign;

namespace Cluster.Interop.Doors.Callers;

/// <summary>`buf curl`: a process for each call.</summary>
/// <param name="protoset">The descriptors in a file.</param>
internal sealed class BufCaller(string protoset) : ForeignCaller
{
    public override ForeignCall Start(CallOrder order)
    {
        string[] schema = order.Schema switch
        {
            SchemaSource.Files => ["--schema", protoset],
            SchemaSource.Reflection => ["--reflect", "--reflect-protocol", "grpc-v1"],
            _ => ["--reflect", "--reflect-protocol", "grpc-v1alpha"],
        };
        string[] token = order.Token is null ? [] : ["-H", $"authorization: Bearer {order.Token}"];
        string[] toReflection = order.Token is null || order.Schema == SchemaSource.Files ? [] : ["--reflect-header", "*"];
        string[] authority = order.Door.Authority is null ? [] : ["--cacert", order.Door.Authority];
        string[] certificate = order.Door.Certificate is null ? [] : ["--cert", order.Door.Certificate.File, "--key", order.Door.Certificate.KeyFile];
        var process = ForeignProcess.Start(
            ForeignTools.Buf,
            ["curl", "--protocol", "grpc", "--http2-prior-knowledge", .. schema, .. token, .. toReflection, .. authority, .. certificate, "--data", "@-", $"{order.Door.Address}/{order.Method}"],
            ForeignTools.ProjectDirectory);
        return new BufCall(process, order);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
