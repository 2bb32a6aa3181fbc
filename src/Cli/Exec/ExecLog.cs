using System.Globalization;
using Cluster.Client.Commands;

namespace Cluster.Cli.Exec;

/// <summary>What was done, a line for each item, as GNU parallel writes it (<c>--joblog</c>), so that a run can be taken up again.</summary>
internal sealed class ExecLog : IDisposable
{
    private const string Header = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand";

    private const int Columns = 9;
    private const int ExitColumn = 6;
    private const int SignalColumn = 7;

    private readonly StreamWriter _writer;

    private ExecLog(StreamWriter writer) => _writer = writer;

    /// <summary>Opens it for writing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="goesOn">Whether to go on with what is there.</param>
    /// <exception cref="UsageException">It cannot be written to.</exception>
    public static ExecLog Open(string path, bool goesOn)
    {
        try
        {
            var writer = new StreamWriter(new FileStream(path, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read)) { NewLine = "\n" };
            if (writer.BaseStream.Position == 0)
            {
                writer.WriteLine(Header);
                writer.Flush();
            }

            return new ExecLog(writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The job log {path} cannot be written to: {exception.Message}", exception);
        }
    }

    /// <summary>Reads which items an earlier run has done, by number from 0, and whether they succeeded; the last line of an item counts.</summary>
    /// <exception cref="UsageException">It is no such log.</exception>
    public static Dictionary<long, bool> Read(string path)
    {
        var done = new Dictionary<long, bool>();
        try
        {
            using var reader = new StreamReader(path);
            for (var number = 1; reader.ReadLine() is { } line; number++)
            {
                var columns = line.Split('\t', Columns);
                if (number == 1 && line == Header)
                {
                    continue;
                }

                if (columns.Length != Columns || !long.TryParse(columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) || sequence < 1)
                {
                    // The last line of a run that was killed may be cut off: its item runs again.
                    if (reader.Peek() < 0)
                    {
                        break;
                    }

                    throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"Line {number} of {path} is none of a job log. Name another file, or leave --resume out."));
                }

                done[sequence - 1] = columns[ExitColumn] == "0" && columns[SignalColumn] == "0";
            }
        }
        catch (FileNotFoundException)
        {
            // The first run.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The job log {path} cannot be read: {exception.Message}", exception);
        }

        return done;
    }

    /// <summary>Adds an item that is done.</summary>
    public void Add(ExecOutcome outcome)
    {
        var command = CommandTemplate.Line(outcome.Command).Replace('\n', ' ').Replace('\t', ' ');
        _writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{outcome.Index + 1}\t{(outcome.Node.Length > 0 ? outcome.Node : ":")}\t{outcome.Started.ToUnixTimeMilliseconds() / 1000.0:0.000}\t{outcome.Elapsed.TotalSeconds,10:0.000}\t0\t{outcome.Output.Length}\t{outcome.ExitCode}\t{outcome.Signal}\t{command}"));

        // Whoever is killed has written what was done.
        _writer.Flush();
    }

    public void Dispose() => _writer.Dispose();
}
