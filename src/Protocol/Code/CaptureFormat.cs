namespace Cluster.Protocol.Code;

/// <summary>
/// The layout of <see cref="V1.Function.Target"/>: what a delegate captured, as JSON that mirrors the closure's fields.
/// </summary>
/// <remarks>
/// A capture is an object with one property that says what it is:
/// <code>
/// {"value": …}                                   a copy of a value; its type is the declared type of the field that holds it
/// {"closure": 1, "fields": {"name": capture, …}} an object that the compiler made for captured variables; its type is known from the
///                                                method or field that holds it; fields that the function never touches are left out
/// {"same": 1}                                    the closure with that number again: delegates may share their variables
/// {"delegate": {"assembly", "type", "method", "typeArguments", "methodTypeArguments", "token", "parameters", "target": capture}}
///                                                a captured delegate; the names mean what they mean in <see cref="V1.Function"/>
/// </code>
/// No capture says which type to create: every type follows from the signature of the code. Types that travel in another way than as
/// copies (objects that live in the cluster and travel by name) take part with a JSON converter, the same for arguments, results and
/// captures; a new kind of capture is a new property here.
/// </remarks>
public static class CaptureFormat
{
    /// <summary>Names a value.</summary>
    public const string Value = "value";

    /// <summary>Numbers a closure, from 1.</summary>
    public const string Closure = "closure";

    /// <summary>Holds the captures of a closure, by field.</summary>
    public const string Fields = "fields";

    /// <summary>Refers to a closure by its number.</summary>
    public const string Same = "same";

    /// <summary>Holds a captured delegate.</summary>
    public const string Delegate = "delegate";

    /// <summary>Simple name of the assembly of a delegate's method.</summary>
    public const string Assembly = "assembly";

    /// <summary>Declaring type of a delegate's method.</summary>
    public const string Type = "type";

    /// <summary>Name of a delegate's method.</summary>
    public const string Method = "method";

    /// <summary>Type arguments of the declaring type.</summary>
    public const string TypeArguments = "typeArguments";

    /// <summary>Type arguments of the method.</summary>
    public const string MethodTypeArguments = "methodTypeArguments";

    /// <summary>Metadata token of the method.</summary>
    public const string Token = "token";

    /// <summary>Parameter types of the method.</summary>
    public const string Parameters = "parameters";

    /// <summary>What a captured delegate captured in its turn; absent for none.</summary>
    public const string Target = "target";
}
