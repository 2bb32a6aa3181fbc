namespace Cluster.Cli.Top;

/// <summary>Where <c>cluster top</c> shows what it sees.</summary>
internal interface ITopView : IDisposable
{
    /// <summary>Done when the user has seen enough.</summary>
    Task Quit { get; }

    /// <summary>Shows a snapshot.</summary>
    /// <exception cref="Output.OutputClosedException">Nobody looks any more.</exception>
    void Show(TopSnapshot top);
}
