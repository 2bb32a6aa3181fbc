using System.Net;
using Grpc.Core;
using Grpc.Wire;
using Xunit;

namespace Cluster.Unit.Wire;

public sealed class StatusMappingTests
{
    [Theory]
    [InlineData("0", null, StatusCode.OK, "")]
    [InlineData("16", "no%20token", StatusCode.Unauthenticated, "no token")]
    [InlineData("17", "from the future", StatusCode.Unknown, "from the future")]
    [InlineData("-1", "x", StatusCode.Unknown, null)]
    [InlineData("five", "x", StatusCode.Unknown, null)]
    public void Header_values_become_statuses(string code, string? message, StatusCode expected, string? detail)
    {
        Status status = StatusMapping.Parse(code, message);
        Assert.Equal(expected, status.StatusCode);
        Assert.True(detail is null ? status.Detail.Contains(code, StringComparison.Ordinal) : status.Detail == detail, status.Detail);
    }

    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x3, StatusCode.Internal)]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    [InlineData(0xd, StatusCode.Internal)]
    public void Resets_become_statuses(long code, StatusCode expected) => Assert.Equal(expected, StatusMapping.FromHttp2Error(code));

    [Theory]
    [InlineData(HttpStatusCode.NotFound, StatusCode.Unimplemented)]
    [InlineData(HttpStatusCode.BadGateway, StatusCode.Unavailable)]
    [InlineData(HttpStatusCode.Found, StatusCode.Unknown)]
    public void Http_statuses_become_statuses(HttpStatusCode http, StatusCode expected) => Assert.Equal(expected, StatusMapping.FromHttpStatus(http));

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("Application/GRPC; charset=utf-8", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Content_types_are_told_apart(string? contentType, bool expected) => Assert.Equal(expected, GrpcHeaders.IsGrpcContentType(contentType));
}
