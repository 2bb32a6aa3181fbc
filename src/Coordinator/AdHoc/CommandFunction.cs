using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Protocol;
using Cluster.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>A request with a <c>command</c> as one with a function: that of the SDK which runs programs, with the command in each item.</summary>
internal static class CommandFunction
{
    private static readonly NamedFunction Runner = new(
        "command",
        new RegisteredFunction { Name = "command", Result = "{exit_code, stdout, stderr, node, seconds}", Parameters = { new FunctionParameter { Name = "item", Type = "any" } } },
        new Function { Code = new Code(), Assembly = "Cluster.Client", Type = "Cluster.Client.Commands.AdHocCommand", Method = "RunAsync" });

    /// <summary>Whether a request has a command.</summary>
    public static bool IsWanted(MapRequest request) => request.Command.Count > 0;

    /// <summary>The request as it is carried out.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it has a function too, or the program has no name.</exception>
    public static (MapRequest Request, NamedFunction Function) Of(MapRequest request)
    {
        if (request.Function.Length > 0)
        {
            throw RichStatus.BadField("command", "The request has both `function` and `command`. Leave one of them out.");
        }

        if (request.Star)
        {
            throw RichStatus.BadField("star", "`star` is for functions; a command gets each item as it is.");
        }

        if (request.Command[0].Length == 0)
        {
            throw RichStatus.BadField("command", "The first word of `command` is the program, and it is empty.");
        }

        var carriedOut = request.Clone();
        carriedOut.Name = request.Name.Length > 0 ? request.Name : request.Command[0];
        carriedOut.Requires[CommandAccess.NodeLabel] = "true";
        carriedOut.Items.Clear();
        var command = Value.ForList([.. request.Command.Select(Value.ForString)]);
        for (var i = 0; i < request.Items.Count; i++)
        {
            carriedOut.Items.Add(Value.ForStruct(new Struct
            {
                Fields =
                {
                    ["command"] = command,
                    ["item"] = request.Items[i],
                    ["index"] = Value.ForNumber(i),
                    ["stdin"] = Value.ForBool(request.Stdin),
                    ["shell"] = Value.ForBool(request.Shell),
                },
            }));
        }

        return (carriedOut, Runner);
    }
}
