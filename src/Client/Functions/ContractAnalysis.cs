using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>Walks the JSON contract of a type and everything that it holds, and finds the first part whose content would be lost.</summary>
/// <param name="options">How values become JSON.</param>
/// <param name="objectsAreDocuments">Whether whoever declares an <c>object</c> takes the JSON document that arrives for it.</param>
internal sealed class ContractAnalysis(JsonSerializerOptions options, bool objectsAreDocuments = false)
{
    private static readonly HashSet<Type> ReversedByJson = [typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>)];

    private const string FirstElementOnly = "is a buffer of a fixed size, of which JSON keeps the first element only: use an array";

    private const BindingFlags DeclaredFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private readonly HashSet<Type> _visited = [];

    /// <returns>Null if nothing would be lost.</returns>
    public Unshippable? Check(Type type) => Visit(type, "");

    private Unshippable? Visit(Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!_visited.Add(type))
        {
            return null;
        }

        if (type == typeof(object) && objectsAreDocuments)
        {
            return null;
        }

        if (ProcessBoundTypes.Find(type) is { } known)
        {
            return new Unshippable(path, type, known);
        }

        if (type.IsDefined(typeof(InlineArrayAttribute), inherit: false))
        {
            return new Unshippable(path, type, FirstElementOnly);
        }

        if (type.IsAssignableTo(typeof(ITuple)) && type.Namespace == nameof(System))
        {
            return First(type.GetGenericArguments().Select((element, i) => Visit(element, $"{path}.Item{i + 1}")));
        }

        JsonTypeInfo contract;
        try
        {
            contract = options.GetTypeInfo(type);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            return Refuse(path, type, $"has no JSON form: {exception.Message.TrimEnd('.')}");
        }

        return contract.Kind switch
        {
            JsonTypeInfoKind.Object => VisitObject(contract, path),
            JsonTypeInfoKind.Enumerable => VisitCollection(contract, path, "[]"),
            JsonTypeInfoKind.Dictionary => VisitKey(contract, path) ?? VisitCollection(contract, path, "{}"),
            // The serializer has a converter for it, or the type brought its own; some of the former exist only to say no.
            _ => contract.Converter.GetType().Name.StartsWith("Unsupported", StringComparison.Ordinal)
                ? new Unshippable(path, type, "has no JSON form: send what it is made from")
                : null,
        };
    }

    private Unshippable? VisitObject(JsonTypeInfo contract, string path)
    {
        var type = contract.Type;
        if (contract.PolymorphismOptions is { } polymorphism)
        {
            var derived = polymorphism.DerivedTypes.Select(candidate => candidate.DerivedType).Where(candidate => candidate != type);
            var problem = First(derived.Select(candidate => Visit(candidate, path)));
            if (problem is not null || type.IsAbstract)
            {
                return problem;
            }
        }

        if (type.IsAbstract)
        {
            return new Unshippable(
                path,
                type,
                "is abstract, and nothing that arrives may say what to create: declare the exact type, "
                + "or list the derived types with [JsonDerivedType]");
        }

        if (contract is { CreateObject: null, ConstructorAttributeProvider: null })
        {
            return Refuse(path, type, "has no constructor that JSON can use: give it one without parameters, or one with a parameter per property");
        }

        var members = new JsonMembers(contract);
        for (var declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            foreach (var field in declaring.GetFields(DeclaredFields))
            {
                var (covered, member) = members.Covering(field);
                if (field.IsDefined(typeof(FixedBufferAttribute), inherit: false))
                {
                    return new Unshippable($"{path}.{field.Name}", field.FieldType, FirstElementOnly);
                }

                if (!covered)
                {
                    return Refuse(
                        path,
                        type,
                        $"would lose its {JsonMembers.Describe(field)}, which JSON does not carry: make it a property with get and init, "
                        + "a parameter of the constructor, or mark it [JsonIgnore] if the function can do without");
                }

                if (member is { CustomConverter: null } && Visit(member.PropertyType, $"{path}.{member.Name}") is { } problem)
                {
                    return problem;
                }
            }
        }

        return null;
    }

    private Unshippable? VisitCollection(JsonTypeInfo contract, string path, string suffix)
    {
        var type = contract.Type;
        if (type.IsGenericType && ReversedByJson.Contains(type.GetGenericTypeDefinition()))
        {
            return new Unshippable(path, type, "would arrive in reverse order: send it as an array");
        }

        for (var declaring = type; declaring is { IsInterface: false } && !IsFramework(declaring); declaring = declaring.BaseType)
        {
            if (declaring.GetFields(DeclaredFields) is [var field, ..])
            {
                return new Unshippable(
                    path, type, $"is a collection, of which JSON keeps the elements only: its {JsonMembers.Describe(field)} would be lost");
            }
        }

        try
        {
            JsonSerializer.Deserialize(contract.Kind == JsonTypeInfoKind.Dictionary ? "{}"u8 : "[]"u8, contract);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return new Unshippable(path, type, "cannot be rebuilt from its elements: send it as an array, a List or a Dictionary");
        }

        return contract.ElementType is { } element
            ? Visit(element, path + suffix)
            : new Unshippable(path, type, "does not say what its elements are: use a generic collection");
    }

    private Unshippable? VisitKey(JsonTypeInfo contract, string path)
    {
        var key = contract.KeyType!;
        // Only the serializer's own converters can write property names, and that of text.
        return key == typeof(string) || options.GetTypeInfo(key) is { Kind: JsonTypeInfoKind.None, Converter: var converter } && IsFramework(converter.GetType())
            ? Visit(key, path + ".Keys")
            : new Unshippable(
                path,
                contract.Type,
                $"has keys of a type ({MethodNames.Describe(key)}) that JSON does not take: "
                + "send an array of pairs and build the dictionary inside the function");
    }

    // Advice on how to change a type is of no use where its user cannot.
    private static Unshippable Refuse(string path, Type type, string reason) => new(
        path,
        type,
        type.IsAssignableTo(typeof(IDisposable)) || type.IsAssignableTo(typeof(IAsyncDisposable))
            ? "is disposable, and so holds something of this process: create it inside the function"
            : IsFramework(type) ? "is a type of .NET whose content JSON does not carry: send what it is made from, and create it inside the function"
            : reason);

    private static bool IsFramework(Type type) => FrameworkAssemblies.Contains(type.Assembly);

    private static Unshippable? First(IEnumerable<Unshippable?> problems) => problems.FirstOrDefault(problem => problem is not null);
}
