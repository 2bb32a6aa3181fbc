using Xunit;

namespace Cluster.Simulation.Wire;

/// <summary>Runs sessions and jobs over connections that break as seeds say. See <see cref="Seeds"/> for how to replay one.</summary>
public sealed class RandomWireTests
{
    [Fact]
    public void Whatever_breaks_every_word_is_heard_once_and_every_item_answered_once()
    {
        HashSet<Enum> seen = Seeds.RunAll(seed =>
        {
            // What waits goes on in place, not wherever the test framework would have it.
            SynchronizationContext.SetSynchronizationContext(null);
            WireWorld world = new(seed);
            try
            {
                world.Run();
                return world.Seen.Cast<Enum>();
            }
            catch (Exception error)
            {
                throw Seeds.Failed(seed, nameof(Whatever_breaks_every_word_is_heard_once_and_every_item_answered_once), world.Clock.Now, error);
            }
        });
        Seeds.RequireAll(Enum.GetValues<WireOccurrence>().Cast<Enum>(), seen);
    }
}
