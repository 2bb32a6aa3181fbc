namespace Grpc.Core;

/// <summary>A method, without the types of its messages.</summary>
public interface IMethod
{
    /// <summary>Which sides are streams.</summary>
    MethodType Type { get; }

    /// <summary>The full name of the service, such as <c>grpc.health.v1.Health</c>.</summary>
    string ServiceName { get; }

    /// <summary>The name of the method, such as <c>Check</c>.</summary>
    string Name { get; }

    /// <summary>The path of the method, such as <c>/grpc.health.v1.Health/Check</c>.</summary>
    string FullName { get; }
}
