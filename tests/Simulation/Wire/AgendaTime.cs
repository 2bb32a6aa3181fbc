namespace Cluster.Simulation.Wire;

/// <summary>The time of a simulated process: its timers go off when the agenda says so.</summary>
internal sealed class AgendaTime(VirtualClock clock, Agenda agenda) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + clock.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        AgendaTimer timer = new(agenda, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class AgendaTimer(Agenda agenda, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _setting++;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Plan(_setting, dueTime, period);
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Plan(int setting, TimeSpan delay, TimeSpan period) => agenda.After(delay, () =>
        {
            if (setting == _setting)
            {
                if (period > TimeSpan.Zero)
                {
                    Plan(setting, period, period);
                }

                callback();
            }
        });
    }
}
