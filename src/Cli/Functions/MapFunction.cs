using Cluster.Cli.Commands;
using Cluster.Client;
using Cluster.Client.Functions;
using Cluster.Protocol.V1;
using Grpc.Core;

namespace Cluster.Cli.Functions;

/// <summary>What <c>cluster map</c> calls.</summary>
/// <param name="Shipped">As it travels.</param>
/// <param name="TakesText">Whether its only parameter is a string.</param>
/// <param name="Parameters">How many it has.</param>
/// <param name="Name">What a job of it is called; null: as the function.</param>
internal sealed record MapFunction(ShippedFunction Shipped, bool TakesText, int Parameters, string? Name = null)
{
    /// <summary>A function of an assembly on this machine.</summary>
    /// <exception cref="UsageException">There is none, or it cannot be called with items.</exception>
    public static MapFunction OfFile(string code, string name, bool star)
    {
        var path = code.Length > 0 ? Path.GetFullPath(code) : throw new UsageException("--code needs the name of a file.");
        var function = FunctionCatalog.Read(path).Find(FunctionName.Parse(name), star);
        var shipped = FunctionShipper.Ship(path, function.Type, function.Method);
        shipped = shipped with { Message = new Function(shipped.Message) { Token = (uint)function.Token } };
        return new MapFunction(shipped, function.TakesText, function.Parameters.Count);
    }

    /// <summary>A lambda, which the coordinator has compiled.</summary>
    /// <exception cref="UsageException">It does not compile, or cannot be called with items.</exception>
    /// <exception cref="ClusterException">The coordinator cannot compile it, or did not answer.</exception>
    public static async Task<MapFunction> OfLambdaAsync(ClusterClient client, string text, bool star, CancellationToken cancellationToken)
    {
        var request = new CompileLambdaRequest { Csharp = text };
        var reply = await AskAsync(client, options => client.Connection.Functions.CompileAsync(request, options), cancellationToken);
        return new MapFunction(new ShippedFunction(reply.Function, []), TakesOneText(reply.Description, "lambda", star), reply.Description.Parameters.Count, reply.Function.Assembly);
    }

    /// <summary>A function that was pushed.</summary>
    /// <exception cref="MissingEntryException">There is none of the name.</exception>
    /// <exception cref="UsageException">The name is none, or the function cannot be called with items.</exception>
    /// <exception cref="ClusterException">The coordinator did not answer.</exception>
    public static async Task<MapFunction> OfNameAsync(ClusterClient client, string name, bool star, CancellationToken cancellationToken)
    {
        var request = new FindFunctionRequest { Name = name };
        var reply = await AskAsync(client, options => client.Connection.Functions.FindAsync(request, options), cancellationToken);
        return new MapFunction(new ShippedFunction(reply.Function, []), TakesOneText(reply.Description, "function", star), reply.Description.Parameters.Count, reply.Description.Name);
    }

    private static async Task<T> AskAsync<T>(ClusterClient client, Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call(new CallOptions(client.Connection.Headers, cancellationToken: cancellationToken));
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ServiceCall.Explain(e, client.Address);
        }
    }

    private static bool TakesOneText(RegisteredFunction description, string what, bool star)
    {
        var parameters = description.Parameters;
        return (star ? parameters.Count > 0 : parameters.Count == 1)
            ? parameters[0].Type == "string"
            : throw new UsageException(
                $"The {what} takes {parameters.Count} arguments; an item is one. {(parameters.Count == 0 ? "Give it a parameter." : "Use --star to spread each item, a JSON array, over the parameters.")}");
    }
}
