using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using Cluster.Protocol.V1;
using Google.Protobuf;

namespace Cluster.Protocol.Batches;

/// <summary>Which format a type travels in: a function of the type alone.</summary>
internal static class FormatChoice
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static Format Of(Type type)
    {
        if (type == typeof(string))
        {
            return Format.Utf8;
        }

        if (BytesCodecs.Takes(type))
        {
            return Format.Bytes;
        }

        if (IsRaw(type))
        {
            return Format.Raw;
        }

        return IsMessage(type) ? Format.Proto : Format.Json;
    }

    /// <summary>Why values of this type cannot travel in any format, or null.</summary>
    public static string? WhyNot(Type type)
    {
        if (type.IsByRefLike || type.IsPointer || type.IsByRef)
        {
            return $"{type} refers to memory of this process. Send the values that it points to, as an array.";
        }

        return type.IsValueType && FindLocal(type) is { } local
            ? $"{type} cannot leave this process: it holds {local}. Send a type without it."
            : null;
    }

    /// <summary>Unmanaged values without pointers: their memory is their meaning.</summary>
    public static bool IsRaw(Type type) => type.IsValueType && !type.IsByRefLike && FindLocal(type) is null && !HoldsReferences(type);

    /// <summary>Protocol Buffers messages that can be created.</summary>
    public static bool IsMessage(Type type) =>
        type.IsClass && !type.IsAbstract && typeof(IMessage).IsAssignableFrom(type) && type.GetConstructor(Type.EmptyTypes) is not null;

    private static bool HoldsReferences(Type type) =>
        !type.IsValueType || (!type.IsPrimitive && !type.IsEnum && type.GetFields(Fields).Any(field => HoldsReferences(field.FieldType)));

    /// <summary>Names the first part of a value type that means something in one process, or on one kind of processor, only.</summary>
    private static string? FindLocal(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer)
        {
            return $"a pointer ({type})";
        }

        if (type == typeof(GCHandle) || type == typeof(RuntimeTypeHandle) || type == typeof(RuntimeMethodHandle))
        {
            return $"a handle of the runtime ({type})";
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Vector<>))
        {
            return $"a vector whose width depends on the processor ({type})";
        }

        if (!type.IsValueType || type.IsPrimitive || type.IsEnum)
        {
            return null;
        }

        return type.GetFields(Fields).Select(field => FindLocal(field.FieldType)).FirstOrDefault(found => found is not null);
    }
}
