using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

internal sealed class ReflectionServiceV1(Lazy<ReflectionAnswers> answers) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(answers.Value.Answer(request));
        }
    }
}
