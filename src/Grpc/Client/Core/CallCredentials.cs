namespace Grpc.Core;

/// <summary>Credentials that travel with each call, such as a bearer token.</summary>
public abstract class CallCredentials
{
    private protected CallCredentials()
    {
    }

    /// <summary>Credentials that a function adds to the metadata of each call.</summary>
    /// <param name="interceptor">The function.</param>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return new InterceptorCallCredentials(interceptor);
    }

    internal abstract Task AddAsync(AuthInterceptorContext context, Metadata metadata);
}
