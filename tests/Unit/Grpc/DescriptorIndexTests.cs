using Grpc.Reflection;
using Grpc.Reflection.V1;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class DescriptorIndexTests
{
    private readonly ReflectionAnswers _answers = new(new DescriptorIndex([ServerReflection.Descriptor, Cluster.Protocol.V1.Jobs.Descriptor]));

    [Theory]
    [InlineData("cluster.v1.Jobs")]
    [InlineData("cluster.v1.Jobs.Run")]
    [InlineData("cluster.v1.JobSpec")]
    [InlineData("cluster.v1.Arguments")]
    [InlineData(".cluster.v1.RunRequest.open")]
    public void Symbols_of_every_kind_are_found_with_all_that_their_file_imports(string symbol)
    {
        ServerReflectionResponse response = _answers.Answer(new ServerReflectionRequest { FileContainingSymbol = symbol });
        string[] files = [.. response.FileDescriptorResponse.FileDescriptorProto.Select(bytes => Google.Protobuf.Reflection.FileDescriptorProto.Parser.ParseFrom(bytes).Name)];
        Assert.Equal("cluster/v1/jobs.proto", files[0]);
        Assert.Contains("cluster/v1/batch.proto", files);
        Assert.Contains("google/protobuf/duration.proto", files);
        Assert.Equal(files.Length, files.Distinct().Count());
    }

    [Fact]
    public void Services_are_listed_in_order()
    {
        ServerReflectionResponse response = _answers.Answer(new ServerReflectionRequest { ListServices = "*" });
        Assert.Equal(["cluster.v1.Jobs", "grpc.reflection.v1.ServerReflection"], response.ListServicesResponse.Service.Select(service => service.Name));
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        ServerReflectionRequest[] requests =
        [
            new() { FileByFilename = "none.proto" },
            new() { FileContainingSymbol = "none" },
            new() { FileContainingExtension = new ExtensionRequest { ContainingType = "cluster.v1.JobSpec", ExtensionNumber = 1 } },
            new() { AllExtensionNumbersOfType = "none" },
        ];
        Assert.All(requests, request => Assert.Equal(5, _answers.Answer(request).ErrorResponse.ErrorCode));
        Assert.Equal(3, _answers.Answer(new ServerReflectionRequest()).ErrorResponse.ErrorCode);
        Assert.Empty(_answers.Answer(new ServerReflectionRequest { AllExtensionNumbersOfType = "cluster.v1.JobSpec" }).AllExtensionNumbersResponse.ExtensionNumber);
    }
}
