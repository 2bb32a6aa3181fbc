namespace Cluster.Coordinator.Scheduling;

/// <summary>Where the scheduler leaves its commands, in order. The loop that owns the scheduler carries them out and clears the buffer.</summary>
internal sealed class CommandBuffer
{
    private SchedulerCommand[] _commands = new SchedulerCommand[64];

    /// <summary>How many commands wait.</summary>
    public int Count { get; private set; }

    /// <summary>The waiting commands. Valid until the next event.</summary>
    public ReadOnlySpan<SchedulerCommand> AsSpan() => _commands.AsSpan(0, Count);

    /// <summary>Forgets the commands and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends a command.</summary>
    public void Add(in SchedulerCommand command)
    {
        if (Count == _commands.Length)
        {
            Array.Resize(ref _commands, Count * 2);
        }

        _commands[Count++] = command;
    }
}
