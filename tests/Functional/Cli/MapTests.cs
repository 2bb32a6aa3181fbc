using System.Diagnostics;
using System.Text.Json;
using Cluster.TestKit.Processes;
using Xunit;

namespace Cluster.Functional.Cli;

public sealed class MapTests
{
    private const string Numbers = "Cluster.TestFunctions.Numbers";
    private const string Texts = "Cluster.TestFunctions.Texts";
    private const string Processes = "Cluster.TestFunctions.Processes";

    [Fact]
    public async Task Arguments_are_items_and_results_are_lines_in_their_order()
    {
        var result = (await MapAsync($"{Numbers}.Square", "", "--quiet", "3", "1", "2")).Expect(0);
        Assert.Equal("9\n1\n4\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Lines_of_stdin_are_items()
    {
        var input = string.Concat(Enumerable.Range(1, 10_000).Select(i => $"{i}\n"));
        var result = (await MapAsync($"{Numbers}.HalfAsync", input)).Expect(0);
        Assert.Equal(Enumerable.Range(1, 10_000).Select(i => i / 2.0), result.Lines.Select(line => JsonSerializer.Deserialize<double>(line)));
    }

    [Fact]
    public async Task Lines_of_a_file_are_items()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "two words\n\"quoted\"\n\n", TestContext.Current.CancellationToken);
            var result = (await MapAsync($"{Texts}.Count", "", "--file", file)).Expect(0);
            Assert.Equal(
                ["""{"Text":"two words","Count":2}""", """{"Text":"\"quoted\"","Count":1}""", """{"Text":"","Count":0}"""],
                result.Lines);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_list_of_arguments_is_spread_over_the_parameters()
    {
        var result = (await MapAsync($"{Texts}.Repeat", "[\"ab\",2]\n[\"c\",3]\n", "--star")).Expect(0);
        Assert.Equal(["\"abab\"", "\"ccc\""], result.Lines);
    }

    [Fact]
    public async Task An_overload_is_chosen_by_its_parameters()
    {
        var result = (await MapAsync($"{Numbers}.Format(int, string)", "", "--star", "[255,\"x\"]")).Expect(0);
        Assert.Equal(["\"ff\""], result.Lines);
    }

    [Fact]
    public async Task Whatever_a_function_takes_and_gives_is_JSON()
    {
        Assert.Equal(["6"], (await MapAsync($"{Numbers}.Sum", "[1,2,3]\n")).Expect(0).Lines);
        Assert.Equal(["1", "null"], (await MapAsync($"{Numbers}.OddOnly", "1\n2\n")).Expect(0).Lines);
        Assert.Equal(["null"], (await MapAsync($"{Numbers}.Ignore", "1\n")).Expect(0).Lines);
    }

    [Fact]
    public async Task Unordered_results_are_all_there()
    {
        var input = string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i}\n"));
        var result = (await MapAsync($"{Numbers}.Square", input, "--unordered")).Expect(0);
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => i * i), result.Lines.Select(int.Parse).Order());
    }

    [Fact]
    public async Task Results_in_a_file_stand_between_what_others_write_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Runs a shell of Unix.");
        var file = Path.GetTempFileName();
        try
        {
            var map = $"dotnet {BuildOutput.Of("src/Cli", "cluster.dll")} map --code {BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll")} --function {Numbers}.Square";
            using var shell = Process.Start("sh", ["-c", $"(echo before; {map} 2 3; echo between; {map} 4; echo after) > {file}"]);
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(["before", "4", "9", "between", "16", "after"], await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task No_items_give_no_results() => Assert.Equal("", (await MapAsync($"{Numbers}.Square", "")).Expect(0).Output);

    [Fact]
    public async Task The_first_failure_ends_the_map()
    {
        var result = (await MapAsync($"{Numbers}.TenOver", "", "5", "0", "2")).Expect(1);
        Assert.Equal(["2"], result.Lines);
        Assert.Contains("DivideByZeroException", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collected_failures_stand_in_their_places()
    {
        var result = (await MapAsync($"{Numbers}.TenOver", "", "--on-error", "collect", "5", "0", "2")).Expect(1);
        Assert.Equal(["2", "5"], [result.Lines[0], result.Lines[2]]);
        var error = JsonSerializer.Deserialize<JsonElement>(result.Lines[1]).GetProperty("error");
        Assert.Equal("System.DivideByZeroException", error.GetProperty("type").GetString());
        Assert.Equal(1, error.GetProperty("index").GetInt32());
        Assert.Contains("TenOver", error.GetProperty("stack").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_dies_costs_the_item_that_kills_it()
    {
        var result = (await MapAsync($"{Processes}.Exit", "", "--on-error", "collect", "0", "3", "0")).Expect(1);
        Assert.Equal(["0", "0"], [result.Lines[0], result.Lines[2]]);
        var error = JsonSerializer.Deserialize<JsonElement>(result.Lines[1]).GetProperty("error");
        Assert.Equal("Cluster.Client.WorkerLostException", error.GetProperty("type").GetString());
        Assert.Equal(3, error.GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task What_functions_print_goes_to_stderr()
    {
        var result = (await MapAsync($"{Processes}.Print", "", "7")).Expect(0);
        Assert.Equal("7\n", result.Output);
        Assert.Equal(["error 7", "out 7"], result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task A_line_that_is_no_JSON_is_named_and_the_lines_before_it_have_run()
    {
        var result = (await MapAsync($"{Numbers}.Square", "2\n3\nfour\n5\n")).Expect(2);
        Assert.Equal(["4", "9"], result.Lines);
        Assert.Contains("Line 3 of stdin is no JSON value: four", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_argument_of_the_wrong_type_names_the_parameter()
    {
        var result = (await MapAsync($"{Numbers}.Square", "", "\"text\"")).Expect(1);
        Assert.Contains("x", result.Error, StringComparison.Ordinal);
        Assert.Contains("int", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Cluster.TestFunctions.Numbers.Squar", "Did you mean Cluster.TestFunctions.Numbers.Square")]
    [InlineData("Cluster.TestFunctions.Numbers.Multiply", "--star")]
    [InlineData("Square", "names no function")]
    public async Task A_function_that_cannot_be_called_is_bad_usage(string function, string expected) =>
        Assert.Contains(expected, (await MapAsync(function, "1\n")).Expect(2).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("--star", "1")]
    [InlineData("--chunk-size", "0", "1")]
    [InlineData("--on-error", "ignore", "1")]
    [InlineData("--require", "gpu", "1")]
    [InlineData("--file", "nowhere.txt")]
    [InlineData("--no-such-option", "1")]
    public async Task Bad_options_and_items_are_bad_usage(params string[] arguments) =>
        Assert.StartsWith("cluster: ", (await MapAsync($"{Numbers}.Square", "", arguments)).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task A_file_without_code_is_bad_usage()
    {
        var missing = (await CliProcess.RunAsync("", "map", "--code", "nowhere.dll", "--function", "A.B", "1")).Expect(2);
        Assert.Contains("There is no file", missing.Error, StringComparison.Ordinal);
        var noCode = Path.ChangeExtension(BuildOutput.Of("src/Cli", "cluster.dll"), ".runtimeconfig.json");
        var text = (await CliProcess.RunAsync("", "map", "--code", noCode, "--function", "A.B", "1")).Expect(2);
        Assert.Contains("is not a .NET assembly", text.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_come_while_items_still_do()
    {
        await using var cli = Start($"{Numbers}.Square");
        cli.Input.AutoFlush = true;
        for (var i = 1; i <= 3; i++)
        {
            await cli.Input.WriteLineAsync($"{i}");
            Assert.Equal($"{i * i}", await cli.ReadLineAsync());
        }

        cli.Input.Close();
        Assert.Equal(0, await cli.WaitForExitAsync());
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_its_results()
    {
        await using var cli = Start($"{Numbers}.Square");
        var feeding = FeedAsync(cli.Input);
        Assert.Equal("1", await cli.ReadLineAsync());
        cli.Output.Close();
        Assert.Equal(141, await cli.WaitForExitAsync());
        await Assert.ThrowsAsync<IOException>(() => feeding);
        await cli.Mark.WaitUntilNoneIsLeftAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static async Task FeedAsync(StreamWriter input)
    {
        while (true)
        {
            await input.WriteLineAsync("1");
        }
    }

    private static string[] Command(string function) =>
        ["map", "--code", BuildOutput.Of("tests/Functions", "Cluster.TestFunctions.dll"), "--function", function, "--workers", "2"];

    private static CliProcess Start(string function) => CliProcess.Start(Command(function));

    private static Task<CliResult> MapAsync(string function, string input, params string[] arguments) =>
        CliProcess.RunAsync(input, [.. Command(function), .. arguments]);
}
