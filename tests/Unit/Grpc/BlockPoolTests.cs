using System.Buffers;
using Grpc.Transport;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class BlockPoolTests
{
    [Fact]
    public void Blocks_are_used_again_and_idle_ones_are_bounded()
    {
        using var pool = new BlockPool();
        List<IMemoryOwner<byte>> rented = [.. Enumerable.Range(0, BlockPool.MaxIdleBlocks + 10).Select(_ => pool.Rent())];
        Assert.All(rented, block => Assert.Equal(BlockPool.BlockSize, block.Memory.Length));
        rented.ForEach(block => block.Dispose());
        Assert.Equal(BlockPool.MaxIdleBlocks, pool.IdleCount);
        using IMemoryOwner<byte> again = pool.Rent();
        Assert.Contains(again, rented);
    }

    [Fact]
    public void A_block_that_is_returned_twice_is_not_lent_twice()
    {
        using var pool = new BlockPool();
        IMemoryOwner<byte> block = pool.Rent();
        block.Dispose();
        block.Dispose();
        Assert.Equal(1, pool.IdleCount);
        Assert.NotSame(pool.Rent(), pool.Rent());
    }

    [Fact]
    public void A_pool_that_is_gone_lends_nothing_and_keeps_nothing()
    {
        var pool = new BlockPool();
        IMemoryOwner<byte> block = pool.Rent();
        pool.Dispose();
        block.Dispose();
        Assert.Equal(0, pool.IdleCount);
        Assert.Throws<ObjectDisposedException>(() => pool.Rent());
    }
}
