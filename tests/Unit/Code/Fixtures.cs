namespace Cluster.Unit.Code;

/// <summary>Where the assemblies are that tests ship without loading them.</summary>
internal static class Fixtures
{
    public static string Pricing1 { get; } = PathOf("Pricing1", "Acme.Pricing");

    public static string Pricing2 { get; } = PathOf("Pricing2", "Acme.Pricing");

    public static string Tax { get; } = PathOf("Tax", "Acme.Tax");

    public static string NewerProtobuf { get; } = PathOf("NewerProtobuf", "Google.Protobuf");

    private static string PathOf(string project, string assembly) => Path.Combine(AppContext.BaseDirectory, "Fixtures", project, assembly + ".dll");
}
