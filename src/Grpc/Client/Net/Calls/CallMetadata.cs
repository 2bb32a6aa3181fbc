using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>The metadata that a call sends.</summary>
internal static class CallMetadata
{
    /// <summary>What the caller gave, and behind it what credentials add. The caller's own object is never changed.</summary>
    public static async ValueTask<Metadata?> WithCredentialsAsync(GrpcChannel channel, IMethod method, CallOptions options, CancellationToken cancellationToken)
    {
        Metadata? headers = options.Headers;
        foreach (CallCredentials credentials in channel.CredentialsOf(options))
        {
            var copy = new Metadata();
            foreach (Metadata.Entry entry in headers ?? Metadata.Empty)
            {
                copy.Add(entry);
            }

            var context = new AuthInterceptorContext($"{channel.Address}{method.ServiceName}", method.Name, cancellationToken);
            await credentials.AddAsync(context, copy).ConfigureAwait(false);
            headers = copy;
        }

        return headers;
    }
}
