using System.Reflection;
using System.Text;
using Cluster.Unit.Structure;
using Grpc.Core;
using Grpc.Transport;
using Xunit;

namespace Cluster.Unit.Wire;

/// <summary>
/// The public types and members of src/Grpc, compared with the list in PublicSurface.txt: what is there has to be what the packages have, so a change is a decision.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public async Task It_is_the_checked_in_list()
    {
        string path = Path.Combine(Repository.Root, "tests/Unit/Grpc/PublicSurface.txt");
        string actual = Describe(typeof(CallInvoker).Assembly) + Describe(typeof(GrpcTransportExtensions).Assembly);
        string expected = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        if (actual != expected)
        {
            string received = Path.Combine(AppContext.BaseDirectory, "PublicSurface.received.txt");
            await File.WriteAllTextAsync(received, actual, TestContext.Current.CancellationToken);
            string[] before = expected.Split('\n');
            string[] after = actual.Split('\n');
            Assert.Fail($"The public surface changed. If that is meant, copy {received} to {path}.\nGone:\n{string.Join('\n', before.Except(after))}\nNew:\n{string.Join('\n', after.Except(before))}");
        }
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().Where(type => !IsGenerated(type)).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type).Append(type.BaseType is { } parent && parent != typeof(object) ? $" : {parent}" : "").Append('\n');
            foreach (string member in type.GetMembers(Declared).Where(IsVisible).Where(member => member is not MethodInfo { IsSpecialName: true }).Select(Describe).Order(StringComparer.Ordinal))
            {
                text.Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Describe(MemberInfo member) => member is PropertyInfo property
        ? $"  Property {property} {{ {string.Join(' ', property.GetAccessors(nonPublic: true).Where(IsVisible).Select(accessor => accessor.Name[..3] + ";"))} }}"
        : $"  {member.MemberType} {member}";

    // Messages and stubs of health and reflection are the contract's, and Grpc.Tools'.
    private static bool IsGenerated(Type type) => type.Namespace is "Grpc.Health.V1" or "Grpc.Reflection.V1" or "Grpc.Reflection.V1Alpha";

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        Type nested => nested.IsNestedPublic || nested.IsNestedFamily || nested.IsNestedFamORAssem,
        _ => true,
    };
}
