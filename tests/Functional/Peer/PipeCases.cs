using Cluster.Client;

namespace Cluster.Functional.Peer;

/// <summary><c>Pipe</c>.</summary>
internal static class PipeCases
{
    public static Dictionary<string, Func<ClusterClient, ClusterClient, Task<Said>>> All { get; } = new()
    {
        ["pipe_ends"] = static async (cluster, _) =>
        {
            var pipe = cluster.Pipe<int>();
            var said = new Said();
            await said.Of(() => pipe.Left.PollAsync(TimeSpan.Zero));
            await said.Did(() => pipe.Left.SendAsync(1));
            await said.Did(() => pipe.Left.SendAsync(2));
            await said.Did(() => pipe.Right.SendAsync(3));
            await said.Of(() => pipe.Right.PollAsync());
            await said.Of(async () => (int[])[await pipe.Right.ReceiveAsync(), await pipe.Left.ReceiveAsync()]);
            await said.Did(() => pipe.Left.CloseAsync());
            await said.Of(() => pipe.Right.ReceiveAsync());
            await said.Of(() => pipe.Right.ReceiveAsync());
            await said.Did(() => pipe.Right.SendAsync(4));
            return await said.Did(() => pipe.Left.SendAsync(5));
        },
        ["pipe_in_one_direction"] = static async (cluster, _) =>
        {
            var pipe = cluster.Pipe<int>(duplex: false);
            var (reader, writer) = (pipe.Left, pipe.Right);
            var said = new Said();
            await said.Did(() => reader.SendAsync(1));
            await said.Did(() => writer.SendAsync(2));
            await said.Of(() => reader.ReceiveAsync());
            await said.Of(() => writer.ReceiveAsync());
            await said.Did(() => writer.CloseAsync());
            return await said.Of(() => reader.ReceiveAsync());
        },
    };
}
