using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers questions about the services that are served.</summary>
internal sealed class ReflectionAnswers(DescriptorIndex index)
{
    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                AddFile(response, index.FindFile(request.FileByFilename), $"There is no file {request.FileByFilename}.");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                AddFile(response, index.FindSymbol(request.FileContainingSymbol), $"There is no symbol {request.FileContainingSymbol}.");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                ExtensionRequest extension = request.FileContainingExtension;
                AddFile(
                    response,
                    index.FindExtension(extension.ContainingType, extension.ExtensionNumber),
                    $"There is no extension {extension.ExtensionNumber} of {extension.ContainingType}.");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                AddExtensionNumbers(response, request.AllExtensionNumbersOfType);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse { Service = { index.ServiceNames.Select(name => new ServiceResponse { Name = name }) } };
                break;
            default:
                response.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks nothing that is known here.");
                break;
        }

        return response;
    }

    private static void AddFile(ServerReflectionResponse response, FileDescriptor? file, string otherwise)
    {
        if (file is null)
        {
            response.ErrorResponse = Error(StatusCode.NotFound, otherwise);
        }
        else
        {
            // The file that was asked for comes first: some tools look no further.
            response.FileDescriptorResponse = new FileDescriptorResponse
            {
                FileDescriptorProto = { DescriptorIndex.Closure(file).Reverse().Select(descriptor => descriptor.SerializedData) },
            };
        }
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private void AddExtensionNumbers(ServerReflectionResponse response, string messageName)
    {
        if (index.FindExtensionNumbers(messageName) is { } numbers)
        {
            response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = messageName, ExtensionNumber = { numbers } };
        }
        else
        {
            response.ErrorResponse = Error(StatusCode.NotFound, $"There is no message {messageName}.");
        }
    }
}
