namespace Cluster.Client;

/// <summary>
/// How to run a job that is submitted. Immutable; use <c>with</c> to vary it. <see cref="TaskOptions.OnOutput"/> has no place here: nobody may be there to get it. A submitted job waits for nodes for as
/// long as it takes, unless <see cref="TaskOptions.NoNodesTimeout"/> is set.
/// </summary>
public sealed record JobOptions : TaskOptions
{
    internal static new readonly JobOptions Default = new();

    /// <summary>
    /// Any text of the caller's, 128 characters at most, such as <c>nightly-2026-11-21</c>: submitting again under it, from any process, gives the job that was submitted first, so that a program
    /// that was interrupted can be started again. It has to be the same request: function, captured values, terms, and number of items where that is known. Items are not
    /// compared, nor is the content of code. Default (null): every submission is a job of its own.
    /// </summary>
    /// <exception cref="ArgumentException">Empty, or longer than 128 characters.</exception>
    public string? RequestId
    {
        get;
        init => field = value is null or { Length: > 0 and <= 128 } ? value : throw new ArgumentException("RequestId has 1 to 128 characters; leave it null for none.", nameof(RequestId));
    }

    /// <summary>Labels of the job itself, for people and for <see cref="JobFilter.Labels"/>: 64 at most. (<see cref="TaskOptions.Requires"/> is about labels of nodes.) Default (null): none.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <inheritdoc cref="MapOptions.ChunkSize"/>
    public int? ChunkSize
    {
        get;
        init => field = value is { } size ? OptionCheck.AtLeastOne(size, nameof(ChunkSize)) : null;
    }

    /// <summary>What happens when an item fails. Default: <see cref="OnError.Throw"/>, the first failure ends the job. With <see cref="OnError.Collect"/> every item runs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of <see cref="Client.OnError"/>.</exception>
    public OnError OnError
    {
        get;
        init => field = (OnError)OptionCheck.Between((int)value, (int)OnError.Throw, (int)OnError.Collect, nameof(OnError));
    }

    /// <inheritdoc cref="MapOptions.Speculate"/>
    public bool Speculate { get; init; }
}
