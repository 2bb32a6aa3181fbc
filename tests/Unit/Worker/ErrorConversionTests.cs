using Cluster.Protocol.V1;
using Cluster.Worker.Errors;
using Xunit;

namespace Cluster.Unit.Worker;

public sealed class ErrorConversionTests
{
    [Fact]
    public void Type_assembly_message_stack_and_inner_exceptions_travel()
    {
        var error = ErrorConversion.Convert(ErrorKind.User, Thrown(new InvalidOperationException("outer", new ArgumentException("inner"))));

        Assert.Equal(ErrorKind.User, error.Kind);
        Assert.Equal("System.InvalidOperationException", error.Type);
        Assert.Equal("System.Private.CoreLib", error.Assembly);
        Assert.Equal("outer", error.Message);
        Assert.Contains(nameof(Thrown), error.Stack, StringComparison.Ordinal);
        Assert.Equal("System.ArgumentException", error.Inner.Type);
        Assert.Equal("inner", error.Inner.Message);
        Assert.Null(error.Inner.Inner);
    }

    [Fact]
    public void Exceptions_that_throw_about_themselves_are_survived()
    {
        var error = ErrorConversion.Convert(ErrorKind.User, new Hostile());
        Assert.Equal("(Hostile.Message threw NotSupportedException)", error.Message);
        Assert.Equal("(Hostile.StackTrace threw NotSupportedException)", error.Stack);
    }

    [Fact]
    public void Nothing_is_larger_than_it_needs_to_be()
    {
        Exception exception = new InvalidOperationException(new string('x', 10_000_000));
        for (var i = 0; i < 100; i++)
        {
            exception = new InvalidOperationException(new string('y', 100_000), exception);
        }

        Assert.InRange(ErrorConversion.Convert(ErrorKind.User, exception).CalculateSize(), 1, 400_000);

        for (var i = 0; i < 3; i++)
        {
            exception = new AggregateException(Enumerable.Repeat(exception, 10));
        }

        Assert.InRange(ErrorConversion.Convert(ErrorKind.User, exception).CalculateSize(), 1, 400_000);
    }

    [Fact]
    public void Our_own_frames_are_taken_off_the_end_and_no_others()
    {
        const string Stack =
            "   at App.Program.Helper(Int32)\n   at Cluster.Worker.Mine.Call()\n   at App.Program.Work(Int32)\n   at Call Work(Object, Int32, CancellationToken)\n"
            + "   at Cluster.Worker.Code.SyncItemFunction`2.Invoke(TIn, CancellationToken)\n   at Cluster.Worker.Running.ChunkRunner`2.RunBlock()";

        Assert.Equal("   at App.Program.Helper(Int32)\n   at Cluster.Worker.Mine.Call()\n   at App.Program.Work(Int32)", StackTraceText.Trim(Stack));
        Assert.Equal("", StackTraceText.Trim(null));
    }

    private static InvalidOperationException Thrown(InvalidOperationException exception)
    {
        try
        {
            throw exception;
        }
        catch (InvalidOperationException caught)
        {
            return caught;
        }
    }

    private sealed class Hostile : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string StackTrace => throw new NotSupportedException();
    }
}
