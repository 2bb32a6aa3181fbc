using Cluster.Coordinator.Errors;
using Cluster.Coordinator.Functions.Registered;
using Cluster.Coordinator.Lambdas;
using Cluster.Protocol.V1;
using Google.Rpc;
using Grpc.Core;

namespace Cluster.Coordinator.AdHoc;

/// <summary>A request with <c>csharp</c> as one with a function: the one that the text is compiled to.</summary>
internal sealed class LambdaFunction(LambdaCompiler compiler)
{
    /// <summary>Whether a request has a lambda.</summary>
    public static bool IsWanted(MapRequest request) => request.Csharp.Length > 0;

    /// <summary>The request as it is carried out.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="caller">Who wants it, for the log.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">It does not compile, has a function or command too, or cannot be compiled now.</exception>
    public async Task<(MapRequest Request, NamedFunction Function)> OfAsync(MapRequest request, string caller, CancellationToken cancellationToken)
    {
        if (request.Function.Length > 0 || request.Command.Count > 0)
        {
            throw RichStatus.BadField("csharp", $"The request has both `csharp` and `{(request.Function.Length > 0 ? "function" : "command")}`. Leave one of them out.");
        }

        var lambda = await CompileAsync(request.Csharp, caller, cancellationToken);
        if (request.Name.Length == 0)
        {
            request = request.Clone();
            request.Name = lambda.Function!.Assembly;
        }

        return (request, new NamedFunction(lambda.Description!.Name, lambda.Description, lambda.Function!));
    }

    /// <summary>Compiles a text.</summary>
    /// <returns>One that has become code.</returns>
    /// <exception cref="RpcException">It has not; INVALID_ARGUMENT where the text is to blame, with its problems.</exception>
    public async Task<Lambda> CompileAsync(string text, string caller, CancellationToken cancellationToken)
    {
        try
        {
            var lambda = await compiler.CompileAsync(text, caller, cancellationToken);
            return lambda.Problems is null ? lambda : throw Refuse(lambda.Problems);
        }
        catch (LambdaRefusedException exception)
        {
            throw exception.Reason switch
            {
                LambdaRefusal.Text => RichStatus.BadField("csharp", exception.Message),
                LambdaRefusal.Busy => RichStatus.TooMuch("csharp", exception.Message),
                _ => RichStatus.Unmet("COMPILER", "csharp", exception.Message),
            };
        }
        catch (IOException exception)
        {
            throw RichStatus.NotNow($"The coordinator cannot write compiled code to its data directory: {exception.Message}");
        }
    }

    private static RpcException Refuse(CompileReply problems)
    {
        var lines = LambdaErrors.Lines(problems);
        var details = new BadRequest { FieldViolations = { lines.Select(static line => new BadRequest.Types.FieldViolation { Field = "csharp", Description = line }) } };
        return RichStatus.With(StatusCode.InvalidArgument, LambdaErrors.Message(lines), details);
    }
}
