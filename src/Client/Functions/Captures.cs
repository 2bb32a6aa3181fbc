using System.Reflection;

namespace Cluster.Client.Functions;

/// <summary>Something that a function captured.</summary>
internal abstract record Capture;

/// <summary>A value: a copy of it travels.</summary>
/// <param name="Value">The value at the time of the call.</param>
/// <param name="Type">The type of the variable that holds it.</param>
/// <param name="Path">The variable's name in the source.</param>
internal sealed record ValueCapture(object Value, Type Type, string Path) : Capture;

/// <summary>A variable that is null: it arrives as null, whatever its type.</summary>
internal sealed record NullCapture : Capture
{
    public static NullCapture Instance { get; } = new();
}

/// <summary>A delegate.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">What it captured in its turn; null for nothing.</param>
internal sealed record DelegateCapture(MethodReference Method, Capture? Target) : Capture;

/// <summary>An object that the compiler made to hold variables. Delegates that share variables share it.</summary>
internal sealed record ClosureCapture(object Closure) : Capture
{
    /// <summary>The variables that some function uses.</summary>
    public Dictionary<FieldInfo, Capture> Fields { get; } = [];
}
