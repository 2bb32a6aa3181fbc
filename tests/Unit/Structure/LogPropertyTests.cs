using System.Reflection;
using System.Text.RegularExpressions;
using Cluster.Client;
using Cluster.Coordinator.Hosting;
using Cluster.Node;
using Grpc.Transport;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cluster.Unit.Structure;

/// <summary>Messages of all programs call the same thing the same, so that a collector of logs can put together what belongs to a job, an item or a node.</summary>
public sealed partial class LogPropertyTests
{
    // What could also be called so, and how it is called.
    private static readonly Dictionary<string, string> NamesOf = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Job"] = "JobId",
        ["JobName"] = "JobId",
        ["Formerly"] = "FormerJobId",
        ["Item"] = "Index",
        ["ItemIndex"] = "Index",
        ["Node"] = "NodeId",
        ["NodeName"] = "NodeId",
        ["Worker"] = "WorkerPid",
        ["Pid"] = "WorkerPid",
        ["ProcessId"] = "WorkerPid",
        ["WorkerId"] = "WorkerPid",
        ["Session"] = "SessionId",
        ["Task"] = "TaskId",
        ["Try"] = "Attempt",
        ["Tries"] = "Attempt",
    };

    private static (MethodInfo Method, LoggerMessageAttribute Attribute)[] All { get; } =
    [
        .. from assembly in new[] { typeof(CoordinatorHost).Assembly, typeof(NodeLog).Assembly, typeof(ClusterClient).Assembly, typeof(StatusServer).Assembly, typeof(Cluster.Worker.ProcessEnd).Assembly }
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let attribute = method.GetCustomAttribute<LoggerMessageAttribute>()
           where attribute is not null
           select (method, attribute),
    ];

    public static TheoryData<string> Properties => [.. All.SelectMany(static message => PropertiesOf(message.Attribute)).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_property_has_the_name_that_it_has_everywhere(string property) =>
        Assert.False(NamesOf.TryGetValue(property, out var name), $"{{{property}}} is called {{{name}}} in all messages: {string.Join(", ", All.Where(message => PropertiesOf(message.Attribute).Contains(property)).Select(message => message.Method.Name))}");

    [Fact]
    public void What_identifies_is_documented_and_nothing_else()
    {
        string[] used = [.. Properties.Select(static row => row.Data).Where(static property => property.EndsWith("Id", StringComparison.Ordinal) || NamesOf.ContainsValue(property)).Order(StringComparer.Ordinal)];
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/observability.md"));
        var logs = text[text.IndexOf("## Logs", StringComparison.Ordinal)..text.IndexOf("## Metrics and traces", StringComparison.Ordinal)];
        Assert.Equal(used, Row().Matches(logs).Select(static row => row.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Contains("JobId", used);
        Assert.Contains("NodeId", used);
        Assert.Contains("Index", used);
    }

    [Fact]
    public void An_event_id_is_one_message_in_its_class()
    {
        Assert.True(All.Length > 50, $"There are {All.Length} messages.");
        var twice = All.GroupBy(static message => (message.Method.DeclaringType, message.Attribute.EventId)).Where(static group => group.Count() > 1);
        Assert.Empty(twice.Select(static group => $"{group.Key.DeclaringType}: {group.Key.EventId}"));
    }

    private static IEnumerable<string> PropertiesOf(LoggerMessageAttribute attribute) => Placeholder().Matches(attribute.Message).Select(static match => match.Groups[1].Value);

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
