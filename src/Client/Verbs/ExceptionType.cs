namespace Cluster.Client;

/// <summary>A type of exceptions: a <see cref="Type"/>, or its name where this program does not know the type.</summary>
public sealed record ExceptionType
{
    /// <summary>A type by its name.</summary>
    /// <param name="name">Its full name, such as <c>Npgsql.NpgsqlException</c>, or its name without the namespace.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ExceptionType(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>The type's full name, or its name without the namespace.</summary>
    public string Name { get; }

    /// <summary>A type of exceptions.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">It is no type of exceptions.</exception>
    public static implicit operator ExceptionType(Type type) => FromType(type);

    /// <summary>A type by its name.</summary>
    /// <param name="name">Its full name, or its name without the namespace.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static implicit operator ExceptionType(string name) => new(name);

    /// <summary>A type of exceptions.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The same, by its name.</returns>
    /// <exception cref="ArgumentException">It is no type of exceptions.</exception>
    public static ExceptionType FromType(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsAssignableTo(typeof(Exception)) && type.FullName is { } name
            ? new ExceptionType(name)
            : throw new ArgumentException($"{type} is no type of exceptions.", nameof(type));
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
