using System.Text;
using System.Text.Json;
using Cluster.Interop.Foreign;
using Grpc.Core;

namespace Cluster.Interop.Doors.Callers;

/// <summary>One call of `buf curl`: requests on its stdin, replies on its stdout, the status in its exit code.</summary>
internal sealed class BufCall : ForeignCall
{
    // It ends with eight times the status.
    private const int StatusFactor = 8;

    private readonly ForeignProcess _process;
    private readonly Task _asking;

    public BufCall(ForeignProcess process, CallOrder order) => (_process, _asking) = (process, AskAsync(process, order));

    public override async Task<JsonElement?> ReadAsync(CancellationToken cancellationToken)
    {
        // Each reply is set on several lines, the last of which is one brace; an empty one is two.
        var text = new StringBuilder();
        while (await _process.TryReadLineAsync(cancellationToken) is { } line)
        {
            text.Append(line);
            if (line is "}" or "{}")
            {
                return JsonSerializer.Deserialize<JsonElement>(text.ToString());
            }
        }

        return null;
    }

    public override async Task<CallEnd> EndAsync(CancellationToken cancellationToken)
    {
        var (exitCode, _, errors) = await _process.WaitAsync(cancellationToken);
        await _asking;
        return exitCode == 0 ? new CallEnd(StatusCode.OK, "")
            : exitCode % StatusFactor == 0 ? new CallEnd((StatusCode)(exitCode / StatusFactor), JsonSerializer.Deserialize<JsonElement>(errors).GetProperty("message").GetString()!)
            : throw new InvalidOperationException($"buf ended with {exitCode}: {errors}");
    }

    public override ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task AskAsync(ForeignProcess process, CallOrder order)
    {
        try
        {
            foreach (var message in order.Messages)
            {
                await process.Input.WriteLineAsync(message);
            }

            await process.Input.FlushAsync();
            if (!order.StaysOpen)
            {
                process.Input.Close();
            }
        }
        catch (IOException)
        {
            // It has ended without reading: its exit code says why.
        }
    }
}
