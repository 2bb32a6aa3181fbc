using Cluster.Interop.Server;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Testing;
using Grpc.Transport;
using Xunit;

namespace Cluster.Interop.Traps;

public sealed class DeadlineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTime In(TimeSpan time) => TimeProvider.System.GetUtcNow().UtcDateTime + time;

    [Fact]
    public async Task A_loop_of_one_millisecond_deadlines_never_hangs()
    {
        await using InteropServer server = await InteropServer.StartAsync();
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        var client = new TestService.TestServiceClient(channel);
        int exceeded = 0;
        for (int i = 0; i < 1000; i++)
        {
            try
            {
                using AsyncDuplexStreamingCall<StreamingOutputCallRequest, StreamingOutputCallResponse> call = client.FullDuplexCall(deadline: In(TimeSpan.FromMilliseconds(1)), cancellationToken: Token);
                await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseParameters = { new ResponseParameters { Size = 10 } } }, Token);
                while (await call.ResponseStream.MoveNext(Token))
                {
                }
            }
            catch (RpcException e)
            {
                Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
                exceeded++;
            }
        }

        Assert.Equal(1000, exceeded);
        await client.EmptyCallAsync(new Empty(), cancellationToken: Token);
    }

    [Fact]
    public async Task The_server_ends_a_call_at_its_deadline_though_the_client_waits_and_the_method_does_not()
    {
        var cancelled = new Signal();
        var release = new Signal();
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Unary = async (_, context) =>
            {
                using CancellationTokenRegistration registration = context.CancellationToken.Register(cancelled.Set);
                await release.WaitAsync();
                return new SimpleResponse();
            },
        });
        using var raw = new RawCall(server.Address);
        (_, int grpc, _, _) = await raw.PostAsync("UnaryCall", RawCall.Message([]), Token, headers: ("grpc-timeout", "50m"));
        Assert.Equal(StatusCode.DeadlineExceeded, (StatusCode)grpc);
        await cancelled.WaitAsync();
        release.Set();
    }

    [Fact]
    public async Task A_method_sees_the_deadline_of_its_caller_and_passes_it_on()
    {
        DateTime seen = default;
        DateTime passedOn = default;
        string address = "";
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Unary = async (request, context) =>
            {
                if (request.FillUsername)
                {
                    passedOn = context.Deadline;
                    return new SimpleResponse();
                }

                seen = context.Deadline;
                using GrpcChannel channel = GrpcEndpoint.Parse(address).CreateChannel();
                var options = new CallOptions(propagationToken: context.CreatePropagationToken());
                return await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest { FillUsername = true }, options);
            },
        });
        address = server.Address;
        using GrpcChannel channel = GrpcEndpoint.Parse(server.Address).CreateChannel();
        DateTime deadline = In(TimeSpan.FromMinutes(5));
        await new TestService.TestServiceClient(channel).UnaryCallAsync(new SimpleRequest(), deadline: deadline, cancellationToken: Token);
        Assert.InRange(seen, deadline - TimeSpan.FromSeconds(1), deadline + TimeSpan.FromSeconds(10));
        Assert.InRange(passedOn, seen - TimeSpan.FromSeconds(1), seen + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_deadline_during_a_stream_sends_its_status_after_whole_messages()
    {
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Output = async (_, responses, context) =>
            {
                var response = new StreamingOutputCallResponse { Payload = new Payload { Body = ByteString.CopyFrom(new byte[30_000]) } };
                while (true)
                {
                    await responses.WriteAsync(response, CancellationToken.None);
                }
            },
        });
        using var raw = new RawCall(server.Address);
        int size = 5 + new StreamingOutputCallResponse { Payload = new Payload { Body = ByteString.CopyFrom(new byte[30_000]) } }.CalculateSize();
        int received = 0;

        // On a busy machine a deadline may pass before the first message; then there is nothing to be cut.
        for (int timeout = 100; received == 0; timeout *= 2)
        {
            (_, int grpc, _, byte[] body) = await raw.PostAsync("StreamingOutputCall", RawCall.Message([]), Token, headers: ("grpc-timeout", $"{timeout}m"));
            Assert.Equal(StatusCode.DeadlineExceeded, (StatusCode)grpc);
            Assert.Equal(0, body.Length % size);
            received = body.Length;
        }
    }

    [Fact]
    public async Task A_deadline_during_a_write_that_nobody_takes_resets_the_stream()
    {
        var ended = new Signal();
        Exception? thrown = null;
        await using InteropServer server = await InteropServer.StartAsync(new ScriptedService
        {
            Output = async (_, responses, _) =>
            {
                try
                {
                    while (true)
                    {
                        await responses.WriteAsync(new StreamingOutputCallResponse { Payload = new Payload { Body = ByteString.CopyFrom(new byte[100_000]) } });
                    }
                }
                catch (Exception e)
                {
                    thrown = e;
                    ended.Set();
                    throw;
                }
            },
        });
        using var raw = new RawCall(server.Address);
        using HttpResponseMessage response = await raw.OpenAsync("StreamingOutputCall", RawCall.Message([]), Token, headers: ("grpc-timeout", "100m"));
        await ended.WaitAsync();
        Assert.IsType<OperationCanceledException>(thrown);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_fails_without_a_call()
    {
        using GrpcChannel channel = GrpcEndpoint.Parse("http://127.0.0.1:1").CreateChannel();
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            async () => await new TestService.TestServiceClient(channel).EmptyCallAsync(new Empty(), deadline: In(-TimeSpan.FromSeconds(1)), cancellationToken: Token));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
    }
}
