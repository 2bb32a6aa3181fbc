using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Gets the instance that serves a call: the application's if it has registered the class, else a new one.</summary>
internal sealed class ServiceActivator<TService>
    where TService : class
{
    private readonly Lazy<ObjectFactory<TService>> _factory = new(static () => ActivatorUtilities.CreateFactory<TService>([]));

    public (TService Service, bool IsOwned) Get(IServiceProvider services) =>
        services.GetService<TService>() is { } registered ? (registered, false) : (_factory.Value(services, []), true);

    public static async ValueTask ReleaseAsync(TService service)
    {
        if (service is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else if (service is IDisposable disposable)
        {
            disposable.Dispose();
        }
    }
}
