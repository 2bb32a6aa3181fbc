using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;
using Xunit;

namespace Cluster.Unit.Code;

/// <summary>Sends functions the whole way within this process: into a message, through its bytes, into an isolated load context.</summary>
internal sealed class Nodes
{
    private readonly CodeContexts _contexts = new();

    public FunctionShipper Shipper { get; } = new();

    /// <summary>Ships a delegate and resolves it as a worker does.</summary>
    public ResolvedFunction Resolve(Delegate function) => Resolve(Shipper.Ship(function));

    /// <summary>Resolves a shipped function as a worker does.</summary>
    public ResolvedFunction Resolve(ShippedFunction shipped, bool capturesInItems = false)
    {
        var message = Function.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(shipped.Message));
        var lease = _contexts.Acquire(message.Code, [.. shipped.Files.Select(file => file.Path)]);
        return new FunctionResolver(lease.Context).Resolve(message, capturesInItems);
    }

    /// <summary>Runs a function on one item over there.</summary>
    public TOut Run<TIn, TOut>(Func<TIn, TOut> function, TIn item) =>
        Typed<TIn, TOut>(function).Invoke(item, TestContext.Current.CancellationToken);

    /// <summary>Runs an asynchronous function on one item over there.</summary>
    public ValueTask<TOut> RunAsync<TIn, TOut>(Delegate function, TIn item) =>
        Typed<TIn, TOut>(function).InvokeAsync(item, TestContext.Current.CancellationToken);

    private ItemFunction<TIn, TOut> Typed<TIn, TOut>(Delegate function) =>
        (ItemFunction<TIn, TOut>)Resolve(function).CreateItemFunction(Arguments.Single);
}
