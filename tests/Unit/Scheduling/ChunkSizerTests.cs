using Cluster.Coordinator.Scheduling;
using Xunit;

namespace Cluster.Unit.Scheduling;

public sealed class ChunkSizerTests
{
    private const ulong Many = 1UL << 40;

    [Fact]
    public void Unmeasured_items_go_one_by_one()
    {
        ChunkSizer sizer = new(null);
        Assert.Equal(1UL, sizer.NextSize(Many, 1));
        Assert.False(sizer.MayPrefetch);
    }

    [Fact]
    public void A_given_size_is_kept()
    {
        ChunkSizer sizer = new(7);
        sizer.Record(7, 0.7, 0, isProbe: true);
        Assert.Equal(7UL, sizer.NextSize(3, 100));
    }

    [Fact]
    public void Tiny_items_grow_in_steps_to_the_target_time()
    {
        ChunkSizer sizer = new(null);
        List<ulong> sizes = [];
        for (ulong size = 1; sizes.Count < 6; size = sizer.NextSize(Many, 1))
        {
            sizes.Add(size);
            sizer.Record(size, size * 1e-6, 0, isProbe: size == 1);
        }

        Assert.Equal([1UL, 16UL, 256UL, 4096UL, 50_000UL, 50_000UL], sizes);
    }

    [Theory]
    [InlineData(0.010, 5)]
    [InlineData(0.020, 2)]
    [InlineData(0.030, 1)]
    [InlineData(5, 1)]
    public void Chunks_take_the_target_time(double seconds, ulong expected)
    {
        ChunkSizer sizer = Measured(seconds);
        Assert.Equal(expected, sizer.NextSize(Many, 1));
    }

    [Fact]
    public void Chunks_shrink_with_the_remaining_share()
    {
        ChunkSizer sizer = Measured(1e-3);
        Assert.Equal(16UL, sizer.NextSize(Many, 8));
        Assert.Equal(5UL, sizer.NextSize(40, 8));
        Assert.Equal(1UL, sizer.NextSize(3, 8));
    }

    [Fact]
    public void Splitting_stops_where_the_work_is_not_worth_it()
    {
        ChunkSizer sizer = new(null);
        for (ulong size = 1; size <= 65536; size *= 16)
        {
            sizer.Record(size, size * 1e-8, 0, isProbe: size == 1);
        }

        Assert.Equal(50_000UL, sizer.NextSize(1000, 64));
    }

    [Fact]
    public void Results_limit_the_chunk()
    {
        ChunkSizer sizer = new(null);
        sizer.Record(1, 1e-6, 100_000, isProbe: true);
        sizer.Record(16, 16e-6, 1_600_000, isProbe: false);
        Assert.Equal(10UL, sizer.NextSize(Many, 1));
    }

    [Fact]
    public void A_cold_first_measurement_is_forgotten()
    {
        ChunkSizer sizer = new(null);
        sizer.Record(1, 0.080, 0, isProbe: true);
        Assert.Equal(1UL, sizer.NextSize(Many, 1));
        sizer.Record(1, 1e-5, 0, isProbe: false);
        Assert.Equal(1e-5, sizer.SecondsPerItem, 9);
        Assert.True(sizer.MayPrefetch);

        sizer.Record(1, 0.090, 0, isProbe: true); // Another worker's probe, late.
        Assert.Equal(1e-5, sizer.SecondsPerItem, 9);
    }

    [Fact]
    public void A_slow_outlier_hardly_counts_and_a_lasting_change_does()
    {
        ChunkSizer sizer = Measured(1e-5);
        sizer.Record(3000, 0.03, 0, isProbe: false);
        sizer.Record(1, 0.05, 0, isProbe: false);
        Assert.InRange(sizer.SecondsPerItem, 1e-5, 3e-5);

        for (int i = 0; i < 60; i++)
        {
            sizer.Record(1000, 1, 0, isProbe: false);
        }

        Assert.InRange(sizer.SecondsPerItem, 0.9e-3, 1.1e-3);
    }

    [Fact]
    public void Mixed_items_converge_to_their_mean()
    {
        ChunkSizer sizer = new(null);
        Random random = new(1);
        for (int i = 0; i < 500; i++)
        {
            sizer.Record(1, random.Next(2) == 0 ? 0.001 : 0.101, 0, isProbe: i == 0);
        }

        Assert.InRange(sizer.SecondsPerItem, 0.02, 0.09);
    }

    [Fact]
    public void A_clock_that_did_not_move_is_not_taken_for_free_items()
    {
        ChunkSizer sizer = new(null);
        sizer.Record(1, 0, 0, isProbe: true);
        Assert.Equal(16UL, sizer.NextSize(Many, 1));
    }

    [Theory]
    [InlineData(0.040, true)]
    [InlineData(0.060, false)]
    public void Long_items_are_not_taken_ahead(double seconds, bool expected) => Assert.Equal(expected, Measured(seconds).MayPrefetch);

    private static ChunkSizer Measured(double seconds)
    {
        ChunkSizer sizer = new(null);
        sizer.Record(1, seconds, 0, isProbe: true);
        sizer.Record(1, seconds, 0, isProbe: false);
        return sizer;
    }
}
