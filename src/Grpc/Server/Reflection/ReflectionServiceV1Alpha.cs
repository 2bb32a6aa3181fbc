using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace Grpc.Reflection;

/// <summary>The older form. Its messages are those of v1 byte for byte.</summary>
internal sealed class ReflectionServiceV1Alpha(Lazy<ReflectionAnswers> answers) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        await foreach (ServerReflectionRequest request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            V1.ServerReflectionResponse answer = answers.Value.Answer(V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString()));
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString()));
        }
    }
}
