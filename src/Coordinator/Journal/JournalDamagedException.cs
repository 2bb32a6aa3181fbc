using System.Globalization;

namespace Cluster.Coordinator.Journal;

/// <summary>A journal has a damage that no crash explains: going on would lose what was acknowledged.</summary>
internal sealed class JournalDamagedException(string file, long position, string damage)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"The journal is damaged: {file}, byte {position}: {damage} Restore the folder from a backup; or start once with --repair-journal, which cuts off what follows the damage and keeps a copy."))
{
    /// <summary>The name of the file.</summary>
    public string File { get; } = file;

    /// <summary>Where in it.</summary>
    public long Position { get; } = position;
}
