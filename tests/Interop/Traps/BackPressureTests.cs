using Cluster.Interop.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Traps;

/// <summary>A reader that does not read stops its writer, after what the windows and two batches hold.</summary>
public sealed class BackPressureTests
{
    private const int MessageSize = 32 * 1024;

    // The window of the stream, what either side's pipe may hold beyond it, and the batches of the writer.
    private const int MostInFlight = 4 * 1024 * 1024;

    // Longer than the five seconds after which Kestrel by default gives up on a slow reader.
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_does_not_read_stops_the_client()
    {
        var read = new Signal();
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Input = async (requests, context) =>
            {
                await read.WaitAsync();
                int total = 0;
                await foreach (StreamingInputCallRequest request in requests.ReadAllAsync(context.CancellationToken))
                {
                    total += request.Payload.Body.Length;
                }

                return new StreamingInputCallResponse { AggregatedPayloadSize = total };
            },
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        using AsyncClientStreamingCall<StreamingInputCallRequest, StreamingInputCallResponse> call = new TestService.TestServiceClient(channel).StreamingInputCall(cancellationToken: Token);
        var request = new StreamingInputCallRequest { Payload = new Payload { Body = ByteString.CopyFrom(new byte[MessageSize]) } };

        int written = await WriteUntilBlockedAsync(() => call.RequestStream.WriteAsync(request), Stall, out Task blocked);
        Assert.InRange(written * MessageSize, 64 * 1024, MostInFlight);
        read.Set();
        await blocked;
        await call.RequestStream.CompleteAsync();
        Assert.Equal((written + 1) * MessageSize, (await call).AggregatedPayloadSize);
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_the_server()
    {
        int written = 0;
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Output = async (_, responses, _) =>
            {
                var response = new StreamingOutputCallResponse { Payload = new Payload { Body = ByteString.CopyFrom(new byte[MessageSize]) } };
                for (int i = 0; i < 1000; i++)
                {
                    await responses.WriteAsync(response);
                    Interlocked.Increment(ref written);
                }
            },
        });
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        using AsyncServerStreamingCall<StreamingOutputCallResponse> call = new TestService.TestServiceClient(channel).StreamingOutputCall(new StreamingOutputCallRequest(), cancellationToken: Token);
        await call.ResponseHeadersAsync;
        await Task.Delay(Stall, TimeProvider.System, Token);
        Assert.InRange(Volatile.Read(ref written) * MessageSize, 64 * 1024, MostInFlight);
        int read = 0;
        await foreach (StreamingOutputCallResponse response in call.ResponseStream.ReadAllAsync(Token))
        {
            Assert.Equal(MessageSize, response.Payload.Body.Length);
            read++;
        }

        Assert.Equal(1000, read);
    }

    private static Task<int> WriteUntilBlockedAsync(Func<Task> write, TimeSpan patience, out Task blocked)
    {
        var last = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        blocked = last.Task.Unwrap();
        return CountAsync();

        async Task<int> CountAsync()
        {
            for (int count = 0; ; count++)
            {
                Task written = write();
                if (await Task.WhenAny(written, Task.Delay(patience, TimeProvider.System, Token)) != written)
                {
                    last.SetResult(written);
                    return count;
                }

                await written;
            }
        }
    }
}
