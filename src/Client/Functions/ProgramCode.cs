using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Cluster.Client.Functions;

/// <summary>Reads the program's own code ahead of its first function.</summary>
internal static class ProgramCode
{
    /// <summary>Begins to read and hash, on another thread. What goes wrong is told by the first call that needs the code, and better.</summary>
    /// <param name="program">The entry assembly; null where the process was not started by one.</param>
    /// <param name="logger">Takes note of what went wrong.</param>
    /// <returns>Completes when it is done, well or not.</returns>
    public static Task PrepareAsync(Assembly? program, ILogger logger) => program is null
        ? Task.CompletedTask
        : Task.Run(() =>
        {
            try
            {
                FunctionShipper.Prepare(program);
            }
            catch (Exception exception)
            {
                FunctionLog.NotPrepared(logger, exception, program.GetName().Name);
            }
        });
}
