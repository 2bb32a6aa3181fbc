using System.Reflection;
using Cluster.Client.Functions;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cluster.Unit.Code;

public sealed class ProgramCodeTests
{
    [Fact]
    public async Task What_goes_wrong_is_noted_and_fails_nothing()
    {
        var log = new Notes();

        await ProgramCode.PrepareAsync(new Unreadable(), log);

        Assert.Equal(["CodeNotPrepared"], log.Events);
    }

    [Fact]
    public async Task A_program_with_a_file_is_read_without_complaint()
    {
        var log = new Notes();

        await ProgramCode.PrepareAsync(typeof(ProgramCodeTests).Assembly, log);

        Assert.Empty(log.Events);
    }

    [Fact]
    public async Task A_process_without_an_entry_assembly_has_nothing_to_prepare()
    {
        var log = new Notes();

        await ProgramCode.PrepareAsync(null, log);

        Assert.Empty(log.Events);
    }

    private sealed class Unreadable : Assembly
    {
        public override bool IsDynamic => false;

        public override string Location => throw new UnauthorizedAccessException("locked");

        public override AssemblyName GetName() => new("Unreadable");
    }

    private sealed class Notes : ILogger
    {
        public List<string?> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add(eventId.Name);
    }
}
