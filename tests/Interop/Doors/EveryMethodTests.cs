using System.Globalization;
using Cluster.Interop.Doors.Callers;
using Cluster.Interop.Doors.Cases;
using Cluster.Interop.Foreign;
using Xunit;

namespace Cluster.Interop.Doors;

/// <summary>Every method that is served, by every client, through every door, with descriptors from the server and from files.</summary>
public sealed class EveryMethodTests(DoorCoordinators coordinators) : IClassFixture<DoorCoordinators>
{
    private static int _visits;

    /// <summary>All that there are, but the older protocol of reflection at one door only: it is no matter of doors.</summary>
    public static TheoryData<ClientKind, DoorKind, SchemaSource> Ways =>
    [
        .. from client in Enum.GetValues<ClientKind>()
           from door in Enum.GetValues<DoorKind>()
           from schema in Enum.GetValues<SchemaSource>()
           where schema != SchemaSource.ReflectionAlpha || door == DoorKind.Plain
           select (client, door, schema),
    ];

    [Fact]
    public async Task What_the_servers_tell_of_is_what_the_contracts_have_and_what_has_a_case()
    {
        ForeignTools.Require(coordinators.Missing);
        var served = await ServedMethods.OfAsync(coordinators.Door(DoorKind.Plain));
        var atStatus = await ServedMethods.OfAsync(coordinators.Status(DoorKind.Plain));

        AssertSame(Protoset.Methods(coordinators.Contracts), served.Union(atStatus), "is in protos/, and reflection does not tell of it", "is told of, and is not in protos/");
        AssertSame(served, MethodCases.Coordinator.Keys, "has no case: add one to tests/Interop/Doors/Cases", "has a case, and is not served");
        AssertSame(atStatus, MethodCases.Status.Keys, "of the status port has no case: add one to tests/Interop/Doors/Cases", "has a case, and is not served at the status port");
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Works(ClientKind client, DoorKind door, SchemaSource schema)
    {
        ForeignTools.Require(coordinators.Missing);
        var failures = new List<string>();
        await RunAsync(MethodCases.Coordinator, coordinators.Door(door));
        await RunAsync(MethodCases.Status, coordinators.Status(door));
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));

        async Task RunAsync(Dictionary<string, MethodCase> cases, Door at)
        {
            foreach (var (method, @case) in cases)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"visit-{Interlocked.Increment(ref _visits)}");
                try
                {
                    await @case.RunAsync(new Visit(coordinators.Caller(client), at, schema, name));
                }
                catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
                {
                    failures.Add($"{method}: {e}");
                }
            }
        }
    }

    private static void AssertSame(IEnumerable<string> those, IEnumerable<string> these, string missing, string superfluous)
    {
        string[] differences = [.. those.Except(these).Select(method => $"{method} {missing}"), .. these.Except(those).Select(method => $"{method} {superfluous}")];
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }
}
