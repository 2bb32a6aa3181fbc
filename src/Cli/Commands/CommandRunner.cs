using System.CommandLine;
using Cluster.Cli.Commands.Jobs;
using Cluster.Cli.Completion;
using Cluster.Cli.Hosting;
using Cluster.Cli.Output;
using Cluster.Client;

namespace Cluster.Cli.Commands;

/// <summary>Finds the command, runs it, and turns what goes wrong into a message on stderr and an exit code.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(string[] args, Termination termination)
    {
        try
        {
            if (ProgramCommand.Match(args) is { } program)
            {
                return await program(termination.Token);
            }

            if (Suggestions.Match(args) is { } suggest)
            {
                return await suggest(termination.Token);
            }

            // An argument that begins with @ is what it says, not the name of a file with arguments.
            var result = CreateRoot().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (result.Errors.Count > 0)
            {
                throw new UsageException($"{string.Join(Environment.NewLine, result.Errors.Select(error => error.Message))}{Environment.NewLine}See --help.");
            }

            // Signals are handled here, so that an interrupted command can end its processes first.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await result.InvokeAsync(configuration, termination.Token);
        }
        catch (OperationCanceledException) when (termination.Token.IsCancellationRequested)
        {
            return termination.ExitCode;
        }
        catch (OperationCanceledException e)
        {
            // Somebody else has ended the job.
            return Fail(e.Message, ExitCodes.Failed);
        }
        catch (OutputClosedException)
        {
            return ExitCodes.OutputClosed;
        }
        catch (UsageException e)
        {
            return Fail(e.Message, ExitCodes.Usage);
        }
        catch (MissingEntryException e)
        {
            return Fail(e.Message, ExitCodes.Missing);
        }
        catch (ClusterUnavailableException e)
        {
            return Fail(e.Message, ExitCodes.Unavailable);
        }
        catch (Exception e) when (e is ClusterException or TaskTimeoutException)
        {
            return Fail(e.Message, ExitCodes.Failed);
        }
#pragma warning disable CA1031 // Whatever it is, the command ends with a message and a code of its own; unhandled, it would abort.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail($"This is a fault of the command itself. {e}", ExitCodes.Failed);
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand CreateRoot() =>
        new($"Runs functions on a cluster, and clusters. Results go to stdout as lines of JSON, everything else to stderr. {ExitCodes.Help}")
        {
            UpCommand.Create(),
            MapCommand.Create(),
            ExecCommand.Create(),
            PushCommand.Create(),
            FunctionsCommand.Create(),
            SubmitCommand.Create(),
            JobsCommand.Create(),
            JobCommand.Create(),
            ResultsCommand.Create(),
            CancelCommand.Create(),
            NodesCommand.Create(),
            DrainCommand.Create(),
            TokenCommand.Create(),
            DictCommand.Create(),
            ObjectsCommand.Create(),
            TopCommand.Create(),
            CompletionCommand.Create(),
            CoordinatorCommand.Create(),
            NodeCommand.Create(),
        };

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"cluster: {message}");
        return exitCode;
    }
}
