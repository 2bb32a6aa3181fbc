namespace Cluster.Coordinator.Journal;

/// <summary>The folder of a journal. Names are durable after <see cref="Sync"/>, contents after <see cref="IJournalFile.Sync"/>.</summary>
internal interface IJournalDirectory : IDisposable
{
    /// <summary>The names of its files, in no order.</summary>
    IReadOnlyList<string> List();

    /// <summary>Makes an empty file.</summary>
    /// <exception cref="IOException">It cannot be made, or is there already.</exception>
    IJournalFile Create(string name);

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">It is not there, or cannot be opened.</exception>
    IJournalFile Open(string name);

    /// <summary>Gives a file another name; one that has that name already is replaced.</summary>
    /// <exception cref="IOException">That cannot be done.</exception>
    void Rename(string from, string to);

    /// <summary>Deletes a file; nothing happens when it is not there.</summary>
    /// <exception cref="IOException">That cannot be done.</exception>
    void Delete(string name);

    /// <summary>Forces the names to the disk.</summary>
    /// <exception cref="IOException">That cannot be done.</exception>
    void Sync();
}
