using Cluster.Client;
using Cluster.Client.Exceptions;
using Cluster.Protocol.V1;
using Cluster.Worker.Errors;
using Xunit;

namespace Cluster.Unit.Client;

public sealed class RemoteErrorTests
{
    [Fact]
    public void A_failure_says_what_where_and_why_and_carries_the_original()
    {
        var failure = Assert.IsType<RemoteTaskException>(RemoteErrors.ForItem(new ItemFailure { Index = 5, Error = Errors.DivideByZero() }));

        Assert.Equal("Item 5 failed on node blade-7 (worker 4711, attempt 1): System.DivideByZeroException: Attempted to divide by zero.", failure.Message);
        var inner = Assert.IsType<DivideByZeroException>(failure.InnerException);
        Assert.Contains("at Sample.Divide(Int32 x)", inner.StackTrace, StringComparison.Ordinal);
        Assert.Contains("last words", failure.ToString(), StringComparison.Ordinal);
        Assert.False(failure.IsTransient);
    }

    [Fact]
    public void Inner_exceptions_are_rebuilt_too_and_messages_stay_messages()
    {
        var error = new ErrorInfo
        {
            Kind = ErrorKind.User,
            Type = typeof(ArgumentNullException).FullName,
            Assembly = "System.Private.CoreLib",
            Message = "Value cannot be null. (Parameter 'x')",
            Inner = new ErrorInfo { Type = typeof(MyException).FullName, Assembly = typeof(MyException).Assembly.GetName().Name, Message = "mine" },
        };

        var rebuilt = Assert.IsType<ArgumentNullException>(ExceptionRebuilder.Rebuild(error));

        Assert.Equal("Value cannot be null. (Parameter 'x')", rebuilt.Message);
        Assert.Equal("mine", Assert.IsType<MyException>(rebuilt.InnerException).Message);
    }

    [Theory]
    [InlineData("Not.Loaded.Exception", "Not.Loaded")]
    [InlineData("System.Uri", "System.Private.Uri")]
    [InlineData("System.Exception", "../../evil")]
    [InlineData("[[[not a type", "System.Private.CoreLib")]
    [InlineData("System.Collections.Generic.List`1", "System.Private.CoreLib")]
    [InlineData("", "")]
    public void What_is_no_known_exception_is_not_made(string type, string assembly)
    {
        Assert.Null(ExceptionRebuilder.Rebuild(new ErrorInfo { Type = type, Assembly = assembly, Message = "x" }));
    }

    [Fact]
    public void An_exception_with_a_constructor_of_its_own_stays_text()
    {
        var error = new ErrorInfo
        {
            Kind = ErrorKind.User,
            Type = typeof(DemandingException).FullName,
            Assembly = typeof(DemandingException).Assembly.GetName().Name,
            Message = "no",
            Stack = "   at Remote.Code()",
        };

        var failure = Assert.IsType<RemoteTaskException>(RemoteErrors.ForItem(new ItemFailure { Error = error }));

        Assert.Null(failure.InnerException);
        Assert.Contains("at Remote.Code()", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_exceptions_in_one_come_back_as_several()
    {
        var thrown = new AggregateException("two of them", new IOException("disk"), new MyException("mine"));

        var rebuilt = Assert.IsType<AggregateException>(ExceptionRebuilder.Rebuild(ErrorConversion.Convert(ErrorKind.User, thrown)));

        Assert.Equal(thrown.Message, rebuilt.Message);
        Assert.Equal(["disk", "mine"], rebuilt.InnerExceptions.Select(inner => inner.Message));
        Assert.Null(ExceptionRebuilder.Rebuild(ErrorConversion.Convert(ErrorKind.User, new AggregateException(new DemandingException(1)))));
    }

    [Fact]
    public void An_exception_that_would_say_something_else_stays_text()
    {
        // The string that its constructor takes is no message; the other's has no string at all.
        Assert.Null(ExceptionRebuilder.Rebuild(ErrorConversion.Convert(ErrorKind.User, new TypeInitializationException("Acme.Start", new IOException("disk")))));
        Assert.Null(ExceptionRebuilder.Rebuild(ErrorConversion.Convert(ErrorKind.User, new System.Net.Sockets.SocketException(111))));
    }

    [Theory]
    [InlineData(ErrorKind.User, "Job job-1 failed on node a: System.Exception: no")]
    [InlineData(ErrorKind.Argument, "Job job-1 failed on node a: no")]
    [InlineData(ErrorKind.Result, "Job job-1 failed on node a: no")]
    [InlineData(ErrorKind.Code, "The function's code could not be loaded on node a: no")]
    [InlineData(ErrorKind.WorkerLost, "Job job-1 was lost on node a: no")]
    [InlineData(ErrorKind.NodeLost, "Job job-1 was lost on node a: no")]
    public void The_failure_of_a_job_is_not_that_of_an_item(ErrorKind kind, string message)
    {
        var failure = RemoteErrors.ForJob(new ErrorInfo { Kind = kind, Type = "System.Exception", Message = "no", Node = "a" }, "job-1");

        Assert.Equal(message, failure.Message);
        Assert.Null(failure is RemoteTaskException task ? task.Index : Assert.IsType<WorkerLostException>(failure).Index);
        Assert.Null(Cluster.Cli.Output.FailureLine.Of((ClusterException)failure));
    }

    [Fact]
    public void A_copy_says_all_that_the_original_says()
    {
        var lost = new ErrorInfo { Kind = ErrorKind.WorkerLost, Message = "gone", Node = "a", WorkerPid = 7, Attempt = 3, Signal = 9, ExitCode = 2, StderrTail = "oh", Transient = true };
        var oversized = new ErrorInfo { Kind = ErrorKind.OutOfMemory, Message = "too much", Node = "a", WorkerPid = 7, Attempt = 2, MemoryLimit = 100, MemoryUsed = 151, StderrTail = "oh" };
        Exception[] originals =
        [
            RemoteErrors.ForItem(new ItemFailure { Index = 5, Error = Errors.DivideByZero() }),
            RemoteErrors.ForItem(new ItemFailure { Index = 5, Error = lost }),
            RemoteErrors.ForItem(new ItemFailure { Index = 5, Error = oversized }),
            new ClusterUnavailableException("away", true, new IOException("disk")),
            new ClusterException("no", false, new IOException("disk")),
        ];

        foreach (var original in originals)
        {
            var copy = RemoteErrors.Copy(original);

            Assert.NotSame(original, copy);
            Assert.Equal(original.GetType(), copy.GetType());
            foreach (var property in original.GetType().GetProperties().Where(property => property.Name is not "StackTrace"))
            {
                Assert.Equal(property.GetValue(original), property.GetValue(copy));
            }
        }

        var foreign = new InvalidOperationException("a fault");
        Assert.Same(foreign, RemoteErrors.Copy(foreign).InnerException);
    }

    [Fact]
    public void A_lost_worker_is_told_by_its_signal()
    {
        var error = new ErrorInfo
        {
            Kind = ErrorKind.WorkerLost,
            Message = "The worker process died 3 times while it ran the item.",
            Node = "blade-7",
            WorkerPid = 4711,
            Attempt = 3,
            Signal = 9,
            StderrTail = "Out of memory",
        };

        var lost = Assert.IsType<WorkerLostException>(RemoteErrors.ForItem(new ItemFailure { Index = 2, Error = error }));

        Assert.Equal((9, null, 3, 2L), (lost.Signal, lost.ExitCode, lost.Attempts, lost.Index));
        Assert.Contains("killed by signal 9", lost.Message, StringComparison.Ordinal);
        Assert.Contains("Out of memory", lost.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ErrorKind.Unspecified, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.User, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.WorkerLost, typeof(WorkerLostException))]
    [InlineData(ErrorKind.NodeLost, typeof(WorkerLostException))]
    [InlineData(ErrorKind.Code, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.Argument, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.Result, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.Cancelled, typeof(TaskCanceledException))]
    [InlineData(ErrorKind.NoNodes, typeof(ClusterUnavailableException))]
    [InlineData(ErrorKind.Protocol, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.Internal, typeof(RemoteTaskException))]
    [InlineData(ErrorKind.Timeout, typeof(TaskTimeoutException))]
    [InlineData(ErrorKind.OutOfMemory, typeof(WorkerMemoryException))]
    public void Every_kind_of_failure_has_one_exception_that_says_all_that_is_known(ErrorKind kind, Type type)
    {
        var error = new ErrorInfo { Kind = kind, Message = "because of that", Node = "blade-7", WorkerPid = 4711, Attempt = 3, StderrTail = "last words" };
        var failure = RemoteErrors.ForItem(new ItemFailure { Index = 5, Error = error });

        Assert.Equal(type, failure.GetType());
        Assert.Contains("because of that", failure.Message, StringComparison.Ordinal);
        if (kind != ErrorKind.Code)
        {
            Assert.Contains("tem 5", failure.Message, StringComparison.Ordinal);
        }

        if (kind is not (ErrorKind.NoNodes or ErrorKind.Cancelled))
        {
            Assert.Contains("on node blade-7 (worker 4711, attempt 3)", failure.Message, StringComparison.Ordinal);
            Assert.Contains("last words", failure.ToString(), StringComparison.Ordinal);
            Assert.Equal(5L, Fact(failure, "Index"));
            Assert.Equal(("blade-7", 4711, 3), (Fact(failure, "Node"), Fact(failure, "WorkerPid"), Fact(failure, "Attempt") ?? Fact(failure, "Attempts")));
        }
    }

    [Fact]
    public void No_kind_of_failure_is_forgotten_here() => Assert.Equal(13, Enum.GetValues<ErrorKind>().Length);

    [Fact]
    public void A_timeout_shows_where_its_function_was_when_it_ended()
    {
        var error = new ErrorInfo { Kind = ErrorKind.Timeout, Message = "too long", Node = "a", WorkerPid = 7, StderrTail = "oh", Inner = new ErrorInfo { Type = "Not.Known", Message = "no", Stack = "   at Remote.Code()" } };
        var text = RemoteErrors.ForItem(new ItemFailure { Error = error }).ToString();

        Assert.Contains($"--- stack on node a ---{Environment.NewLine}   at Remote.Code()", text, StringComparison.Ordinal);
        Assert.EndsWith($"--- stderr of worker 7 ---{Environment.NewLine}oh", text, StringComparison.Ordinal);
    }

    private static object? Fact(Exception failure, string name) => failure.GetType().GetProperty(name)?.GetValue(failure);

    private sealed class MyException(string message) : Exception(message);

    private sealed class DemandingException(int code) : Exception($"{code}");
}
