using System.Runtime.CompilerServices;
using System.Text.Json;
using Cluster.Protocol.Batches;
using Cluster.Protocol.Code;
using Cluster.Protocol.V1;
using Cluster.Worker.Code;

namespace Cluster.Worker.Running;

/// <summary>Makes the loop for a job, once its types are known.</summary>
internal sealed class ChunkRunnerFactory(JobSpec spec, ItemLimits? limits, ResolvedFunction function) : IItemFunctionVisitor<ChunkRunner>
{
    // Serializers remember types and would keep unloaded code alive: each context has options of its own.
    private static readonly ConditionalWeakTable<CodeContext, JsonSerializerOptions> Options = [];

    public ChunkRunner Visit<TIn, TOut>(ItemFunction<TIn, TOut> itemFunction)
    {
        var json = Options.GetValue(function.Context, static _ => new JsonSerializerOptions(ItemJson.Options));
        return spec.CapturesInItems
            ? Create(new BoundItemFunction<TIn, TOut>(function, spec.Arguments, itemFunction.IsAsync), new BoundItemCodec<TIn>(ItemCodec.For<TIn>(json)), Outputs<TOut>(json))
            : Create(itemFunction, Inputs<TIn>(json), Outputs<TOut>(json));
    }

    private ChunkRunner<TIn, TOut> Create<TIn, TOut>(ItemFunction<TIn, TOut> itemFunction, ItemCodec<TIn> inputs, ItemCodec<TOut> outputs) =>
        new(itemFunction, inputs, outputs, function.Context.ExplainMissing, new Signature(function, spec.Arguments), limits);

    private ItemCodec<T> Inputs<T>(JsonSerializerOptions json)
    {
        try
        {
            var codec = ItemCodec.For<T>(spec.InputFormat, json);
            return codec.Format != Format.Raw || codec.Stride == spec.InputStride
                ? codec
                : throw new NotSupportedException(
                    $"its values have {codec.Stride} bytes here and {spec.InputStride} at the caller. Caller and node may be of different versions or processors.");
        }
        catch (NotSupportedException exception)
        {
            throw new LayoutException(ErrorKind.Argument, $"{MethodNames.Describe(function.Method)} takes {MethodNames.Describe(typeof(T))}, but what came does not fit: {exception.Message}");
        }
    }

    private ItemCodec<T> Outputs<T>(JsonSerializerOptions json)
    {
        try
        {
            return spec.ResultFormat == Format.Unspecified ? ItemCodec.For<T>(json) : ItemCodec.For<T>(spec.ResultFormat, json);
        }
        catch (NotSupportedException exception)
        {
            throw new LayoutException(ErrorKind.Result, $"{MethodNames.Describe(function.Method)} returns {MethodNames.Describe(typeof(T))}, which cannot be sent back: {exception.Message}");
        }
    }
}
