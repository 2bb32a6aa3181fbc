namespace Cluster.Node.Hosting;

/// <summary>Writes a line of the log, and what belongs to it.</summary>
internal delegate void LogLineWriter(TextWriter output, in LogLine line);
