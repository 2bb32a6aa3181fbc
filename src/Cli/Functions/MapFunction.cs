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
        CompileLambdaReply reply;
        try
        {
            var request = new CompileLambdaRequest { Csharp = text };
            reply = await client.Connection.Functions.CompileAsync(request, client.Connection.Headers, cancellationToken: cancellationToken);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            throw new UsageException(e.Status.Detail, e);
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Client.Exceptions.CallErrors.Explain(e, client.Address);
        }

        var parameters = reply.Description.Parameters;
        if (star ? parameters.Count == 0 : parameters.Count != 1)
        {
            throw new UsageException($"The lambda takes {parameters.Count} arguments; an item is one. {(parameters.Count == 0 ? "Give it a parameter." : "Use --star to spread each item, a JSON array, over the parameters.")}");
        }

        return new MapFunction(new ShippedFunction(reply.Function, []), parameters[0].Type == "string", parameters.Count, reply.Function.Assembly);
    }
}
