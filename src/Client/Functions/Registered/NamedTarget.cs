using System.Globalization;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;

namespace Cluster.Client.Functions;

/// <summary>A function that is called by its name, with the types that this program calls it with. What it is, the coordinator is asked when a job begins.</summary>
internal sealed class NamedTarget
{
    private readonly Type[] _parameters;
    private readonly Type _result;
    private readonly bool _isNative;

    /// <exception cref="FunctionNotShippableException">A type cannot travel.</exception>
    public NamedTarget(string name, Type[] parameters, Type result)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Name, _parameters, _result) = (name, parameters, result);
        _isNative = parameters.All(TypeFit.IsNative);
        Arguments = parameters.Length switch { 0 => Arguments.None, 1 => Arguments.Single, _ => Arguments.Spread };
        Function = new ShippedFunction(new Function { Method = name }, []) { Target = this };
        foreach (var parameter in parameters)
        {
            Require(Shippability.CheckItem(parameter), parameter, "takes");
        }

        Require(Shippability.CheckResult(result), result, "returns");
    }

    public string Name { get; }

    public Arguments Arguments { get; }

    /// <summary>Stands for it until it is known.</summary>
    public ShippedFunction Function { get; }

    /// <summary>How its items travel.</summary>
    public ItemCodec<TItem> InputCodec<TItem>() => _isNative ? ItemCodec.For<TItem>() : ItemCodec.For<TItem>(Format.Json);

    /// <summary>Puts what the name stands for into the spec of a job.</summary>
    /// <exception cref="RegisteredFunctionException">It takes or gives something else.</exception>
    public void Bind(JobSpec spec, FindFunctionReply found)
    {
        var description = found.Description;
        if (Mismatch(description) is { } wrong)
        {
            var types = string.Join(", ", description.Parameters.Select(static parameter => parameter.Type).Append(description.Result == "void" ? "object" : description.Result));
            throw new RegisteredFunctionException($"{Signature(description)} {wrong} Write Function<{types}>(\"{Name}\").", Name);
        }

        spec.Function = found.Function;
        spec.ResultFormat = TypeFit.IsNative(_result) ? Format.Unspecified : Format.Json;
        if (spec.Detach is { } kept)
        {
            (kept.Function, kept.ResultType) = (Name, description.Result);
        }
    }

    private string? Mismatch(RegisteredFunction function)
    {
        if (function.Parameters.Count != _parameters.Length)
        {
            return string.Create(CultureInfo.InvariantCulture, $"takes {function.Parameters.Count} argument(s), and was called with {_parameters.Length}.");
        }

        for (var i = 0; i < _parameters.Length; i++)
        {
            var parameter = function.Parameters[i];
            if (!TypeFit.Fits(_parameters[i], parameter.Type))
            {
                return $"takes {parameter.Type} as '{parameter.Name}', and was called with {CSharpTypeText.Of(_parameters[i])}.";
            }
        }

        return TypeFit.Fits(_result, function.Result) ? null : $"returns {function.Result}, and was called for {CSharpTypeText.Of(_result)}.";
    }

    private string Signature(RegisteredFunction function) =>
        $"{Name}({string.Join(", ", function.Parameters.Select(static parameter => $"{parameter.Type} {parameter.Name}"))}) → {function.Result}";

    private void Require(Unshippable? problem, Type type, string verb)
    {
        if (problem is not null)
        {
            throw new FunctionNotShippableException(
                $"{Name} cannot be called with these types: it {verb} {problem.Describe(MethodNames.Describe(type))}.", Name, variable: null, problem.Type);
        }
    }
}
