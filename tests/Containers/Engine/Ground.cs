using Cluster.Containers.Engine;
using Xunit;

[assembly: AssemblyFixture(typeof(Ground))]

namespace Cluster.Containers.Engine;

/// <summary>What all tests stand on: an engine that works here, and the images.</summary>
public sealed class Ground : IAsyncLifetime
{
    private Podman? _podman;

    /// <summary>Why no container can run here; null: they can.</summary>
    private string? Missing { get; set; }

    internal Podman Podman => _podman!;

    internal Images.BuiltImages Images { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Missing = EngineNeeds.FindMissing();
        if (Missing is not null)
        {
            return;
        }

        _podman = await Podman.CreateAsync(cancellationToken);
        await Containers.Images.StandIns.BuildAsync(_podman, cancellationToken);
        Missing = await EngineNeeds.TryAsync(_podman, cancellationToken);
        if (Missing is null)
        {
            Images = await Containers.Images.BuiltImages.BuildAsync(_podman, cancellationToken);
        }
    }

    /// <summary>Skips the test, with the reason, where there can be no containers; fails it where CLUSTER_REQUIRE_CONTAINERS is 1.</summary>
    internal void Require()
    {
        if (Missing is not null)
        {
            Assert.False(Environment.GetEnvironmentVariable("CLUSTER_REQUIRE_CONTAINERS") == "1", Missing);
            Assert.Skip(Missing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_podman is not null)
        {
            await _podman.DisposeAsync();
        }
    }
}
