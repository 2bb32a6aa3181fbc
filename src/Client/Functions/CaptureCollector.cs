using System.Reflection;
using Cluster.Protocol.Code;

namespace Cluster.Client.Functions;

/// <summary>Finds what a delegate captured: variables, the variables of scopes around it, and what captured delegates captured.</summary>
/// <param name="reference">Describes a method, or recalls its description.</param>
/// <param name="function">What the function is called in messages.</param>
internal sealed class CaptureCollector(Func<Delegate, MethodReference> reference, string function)
{
    private const string AroundTheFunction = "is the object around the function, whose members the function uses: "
        + "copy what it needs into local variables before the call, or make those members static";

    private readonly Dictionary<object, ClosureCapture> _closures = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<(ClosureCapture Closure, MethodReference User)> _collected = [];
    private readonly HashSet<MethodReference> _methods = [];

    /// <summary>The methods of all delegates that were found.</summary>
    public IReadOnlyCollection<MethodReference> Methods => _methods;

    /// <summary>Collects a delegate.</summary>
    /// <param name="captured">The delegate.</param>
    /// <param name="path">The variable that holds it; empty for the function itself.</param>
    /// <exception cref="FunctionNotShippableException">It captured something that cannot travel.</exception>
    public DelegateCapture Collect(Delegate captured, string path)
    {
        if (!captured.HasSingleTarget)
        {
            throw Refuse(path, captured.GetType(), "is a combination of several delegates: send one function that calls them all");
        }

        var method = reference(captured);
        _methods.Add(method);
        return new DelegateCapture(method, CollectTarget(captured, method, path));
    }

    private Capture? CollectTarget(Delegate captured, MethodReference method, string path)
    {
        if (method.BindsFirstParameter)
        {
            // text.Foo, where Foo is an extension method: the object is the first argument.
            var parameter = method.Method.GetParameters()[0];
            return captured.Target is { } first
                ? CollectValue(first, parameter.ParameterType, path.Length == 0 ? parameter.Name! : $"{path}.{parameter.Name}")
                : NullCapture.Instance;
        }

        if (captured.Target is not { } target)
        {
            return null;
        }

        var type = target.GetType();
        if (ClosureTypes.IsClosure(type))
        {
            return ClosureTypes.Fields(type).Length == 0 ? null : CollectClosure(target, method, path);
        }

        var around = path.Length == 0 ? ClosurePath.This : $"{path}.{ClosurePath.This}";
        throw method.Method.Name.StartsWith('<')
            ? Refuse(around, type, AroundTheFunction)
            : Refuse(
                around,
                type,
                "is the object that the method belongs to, which stays in this process: "
                + "make the method static and give it what it needs as arguments");
    }

    private ClosureCapture CollectClosure(object closure, MethodReference user, string path)
    {
        if (!_closures.TryGetValue(closure, out var capture))
        {
            capture = new ClosureCapture(closure);
            _closures.Add(closure, capture);
        }

        if (_collected.Add((capture, user)))
        {
            foreach (var field in ClosureTypes.Fields(closure.GetType()))
            {
                if (user.Usage.Uses(field))
                {
                    CollectField(capture, field, user, ClosurePath.Append(path, field));
                }
            }
        }

        return capture;
    }

    private void CollectField(ClosureCapture closure, FieldInfo field, MethodReference user, string path)
    {
        if (field.GetValue(closure.Closure) is not { } value)
        {
            closure.Fields[field] = NullCapture.Instance;
            return;
        }

        if (ClosureTypes.IsClosure(field.FieldType))
        {
            closure.Fields[field] = CollectClosure(value, user, path);
            return;
        }

        if (closure.Fields.ContainsKey(field))
        {
            return;
        }

        if (ClosurePath.IsThis(field))
        {
            throw Refuse(path, field.FieldType, AroundTheFunction);
        }

        closure.Fields[field] = value is Delegate captured && field.FieldType.IsSubclassOf(typeof(MulticastDelegate))
            ? Collect(captured, path)
            : CollectValue(value, field.FieldType, path);
    }

    private ValueCapture CollectValue(object value, Type type, string path)
    {
        if (Shippability.Check(type) is { } problem)
        {
            throw Refuse(path + problem.Path, problem.Type, problem.Reason);
        }

        return new ValueCapture(value, type, path);
    }

    private FunctionNotShippableException Refuse(string path, Type type, string reason) => CaptureErrors.Create(function, path, type, reason);
}
