namespace Grpc.Core;

internal sealed class InterceptorCallCredentials(AsyncAuthInterceptor interceptor) : CallCredentials
{
    internal override Task AddAsync(AuthInterceptorContext context, Metadata metadata) => interceptor(context, metadata);
}
