using System.Reflection;

namespace Cluster.Node;

/// <summary>Which build this is.</summary>
internal static class SoftwareVersion
{
    /// <summary><c>0.1.0</c>.</summary>
    public static string Number => typeof(SoftwareVersion).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>The same, and the commit that it was built from where that is known: <c>0.1.0+0f3a…</c>.</summary>
    public static string WithRevision => typeof(SoftwareVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? Number;
}
