using System.Threading.Channels;
using Cluster.Client.Jobs;
using Cluster.Protocol.Batches;
using Cluster.Protocol.V1;
using Cluster.TestKit;
using Grpc.Core;
using Xunit;

namespace Cluster.Unit.Client.Resume;

/// <summary>In which order the writer says things to the coordinator of another run.</summary>
public sealed class JobWriterTests
{
    private readonly JobFlow _flow = new(new WindowLimits());
    private readonly JobScript _script;
    private readonly JobWriter _writer;

    public JobWriterTests()
    {
        _script = new JobScript(new ArrayInputs<int>(ItemCodec.For<int>(), Enumerable.Range(0, 10).ToArray()), _flow, static _ => { });
        _writer = new JobWriter(_script);
    }

    [Fact]
    public async Task An_item_is_not_withdrawn_again_before_it_is_sent_again()
    {
        _flow.Accept(1 << 20, 100);
        var first = await OpenAsync("inputs 0+10", "end 10");
        CancelItem(5);
        await first.SaysAsync("cancel 5+1");

        _flow.Accept(1 << 20, maxItems: 3);
        var second = await OpenAsync("inputs 0+3");
        Answer(0, 3);
        await second.SaysAsync("inputs 3+3", "cancel 5+1");
        Answer(3, 3);
        await second.SaysAsync("inputs 6+3");
        Answer(6, 3);
        await second.SaysAsync("inputs 9+1", "end 10");
    }

    [Fact]
    public async Task An_item_that_was_answered_when_it_was_withdrawn_is_not_withdrawn_again()
    {
        _flow.Accept(1 << 20, 100);
        var first = await OpenAsync("inputs 0+10", "end 10");
        Answer(0, 1);
        CancelItem(0);
        await first.SaysAsync("cancel 0+1");

        await OpenAsync("skip 0+1", "inputs 1+9", "end 10");
    }

    private async Task<Output> OpenAsync(params string[] said)
    {
        var output = new Output();
        _writer.Open(output);
        await output.SaysAsync(said);
        return output;
    }

    private void CancelItem(long index)
    {
        _script.CancelItem(index, force: false);
        _writer.Wake();
    }

    private void Answer(long first, long count)
    {
        Assert.True(_flow.Answer(first, count, 0));
        _script.Answered(first, count);
        _writer.Wake();
    }

    private sealed class Output : IClientStreamWriter<RunRequest>
    {
        private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

        public WriteOptions? WriteOptions { get; set; }

        /// <summary>What it says next is this, and in this order.</summary>
        public async Task SaysAsync(params string[] said)
        {
            foreach (var next in said)
            {
                Assert.Equal(next, await _said.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Within());
            }
        }

        public Task WriteAsync(RunRequest message)
        {
            Assert.True(_said.Writer.TryWrite(message.RequestCase switch
            {
                RunRequest.RequestOneofCase.Inputs => $"inputs {message.Inputs.First}+{message.Inputs.Count}",
                RunRequest.RequestOneofCase.SkipItems => $"skip {message.SkipItems.First}+{message.SkipItems.Count}",
                RunRequest.RequestOneofCase.CancelItems => $"cancel {message.CancelItems.First}+{message.CancelItems.Count}",
                RunRequest.RequestOneofCase.EndInputs => $"end {message.EndInputs.Count}",
                _ => message.RequestCase.ToString(),
            }));
            return Task.CompletedTask;
        }

        public Task CompleteAsync() => Task.CompletedTask;
    }
}
