using System.Reflection;
using System.Reflection.Emit;
using Cluster.Client;

namespace Cluster.Unit.Coordinator.Functions.Registered;

/// <summary>Makes assemblies that no compiler would, or that tests must not have themselves: one public type with methods that do nothing.</summary>
internal sealed class EmittedAssembly
{
    private static readonly ConstructorInfo Attribute = typeof(ClusterFunctionAttribute).GetConstructor([typeof(string)])!;

    private readonly PersistedAssemblyBuilder _assembly;
    private readonly TypeBuilder _type;

    public EmittedAssembly(string name = "Acme")
    {
        _assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        _type = _assembly.DefineDynamicModule(name).DefineType("Acme.Prices", TypeAttributes.Public | TypeAttributes.Class);
    }

    /// <summary>Adds a method.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="function">What [ClusterFunction] calls it; null: it has no attribute.</param>
    /// <param name="result">What it returns.</param>
    /// <param name="parameters">What it takes.</param>
    public EmittedAssembly With(string method, string? function, Type result, params Type[] parameters) =>
        With(method, function, MethodAttributes.Static, result, parameters);

    /// <inheritdoc cref="With(string, string?, Type, Type[])"/>
    public EmittedAssembly With(string method, string? function, MethodAttributes attributes, Type result, params Type[] parameters)
    {
        Add(method, function, attributes).SetSignature(result, null, null, parameters, null, null);
        return this;
    }

    /// <summary>Adds a generic method.</summary>
    public EmittedAssembly WithGeneric(string method, string function)
    {
        var builder = Add(method, function, MethodAttributes.Static);
        builder.SetSignature(typeof(void), null, null, [builder.DefineGenericParameters("T")[0]], null, null);
        return this;
    }

    public byte[] ToArray()
    {
        _type.CreateType();
        using var file = new MemoryStream();
        _assembly.Save(file);
        return file.ToArray();
    }

    private MethodBuilder Add(string method, string? function, MethodAttributes attributes)
    {
        var builder = _type.DefineMethod(method, MethodAttributes.Public | attributes);
        builder.GetILGenerator().ThrowException(typeof(NotSupportedException));
        if (function is not null)
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(Attribute, [function]));
        }

        return builder;
    }
}
