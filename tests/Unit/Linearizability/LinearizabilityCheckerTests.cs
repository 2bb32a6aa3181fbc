using Cluster.TestKit.Linearizability;
using Xunit;

namespace Cluster.Unit.Linearizability;

/// <summary>The checker, with histories whose verdict is known.</summary>
public sealed class LinearizabilityCheckerTests
{
    private static readonly LinearizabilityChecker Checker = new();
    private static readonly RegisterModel Model = new();

    [Fact]
    public void No_history_is_a_good_one() => Assert.Null(Checker.Check(Model, []));

    [Fact]
    public void Calls_one_after_another_have_one_order()
    {
        Assert.Null(Checker.Check(Model, [Write(1, 0, 1), Read(1, 2, 3), Write(2, 4, 5), Read(2, 6, 7)]));
        Assert.NotNull(Checker.Check(Model, [Write(1, 0, 1), Write(2, 2, 3), Read(1, 4, 5)]));
        Assert.NotNull(Checker.Check(Model, [Read(1, 0, 1), Write(1, 2, 3)]));
        Assert.NotNull(Checker.Check(Model, [Write(1, 0, 1), Read(0, 2, 3)]));
    }

    [Fact]
    public void Calls_that_overlap_may_be_in_either_order()
    {
        Assert.Null(Checker.Check(Model, [Write(1, 0, 10), Read(0, 1, 2), Read(1, 3, 4)]));
        Assert.Null(Checker.Check(Model, [Write(1, 0, 10), Write(2, 0, 10), Read(2, 11, 12)]));
        Assert.Null(Checker.Check(Model, [Write(1, 0, 10), Write(2, 0, 10), Read(1, 11, 12)]));
        // Seen, and then not any more.
        Assert.NotNull(Checker.Check(Model, [Write(1, 0, 10), Read(1, 1, 2), Read(0, 3, 4)]));
        // Two readers that see two writes in different orders.
        Assert.NotNull(Checker.Check(Model, [Write(1, 0, 20), Write(2, 0, 20), Read(1, 1, 2), Read(2, 3, 4), Read(1, 5, 6)]));
        // What touches overlaps.
        Assert.Null(Checker.Check(Model, [Write(1, 0, 1), Read(0, 1, 2)]));
    }

    [Fact]
    public void A_call_of_unknown_outcome_has_its_effect_late_or_never_but_once()
    {
        Assert.Null(Checker.Check(Model, [Write(1, 0, 1), Write(2, 2, null), Read(1, 3, 4), Read(1, 5, 6)]));
        Assert.Null(Checker.Check(Model, [Write(1, 0, 1), Write(2, 2, null), Read(1, 3, 4), Read(2, 50, 60)]));
        Assert.Null(Checker.Check(Model, [Write(2, 0, null), Read(0, 1, 2)]));
        Assert.NotNull(Checker.Check(Model, [Write(1, 0, 1), Write(2, 2, null), Read(2, 3, 4), Read(1, 5, 6)]));
        Assert.NotNull(Checker.Check(Model, [Write(2, 0, null), Read(2, 1, 2), Write(1, 3, 4), Read(2, 5, 6)]));
        // Not before it was called.
        Assert.NotNull(Checker.Check(Model, [Read(2, 0, 1), Write(2, 2, null)]));
    }

    [Fact]
    public void The_report_has_what_matters_and_nothing_after_it()
    {
        var before = Enumerable.Range(10, 20).SelectMany(i => Pair(i, 10 * i));
        var after = Enumerable.Range(100, 20).SelectMany(i => Pair(i, 10 * i));
        Operation<int, int>[] wrong = [Write(1, 500, 600), Read(1, 502, 503), Read(29, 504, 505), Write(2, 599, 610), Read(1, 611, 612), Read(2, 611, 613)];

        var violation = Checker.Check(Model, [.. before, .. wrong, .. after])!;

        // After 1 was seen the old value was, too. How the old one came about does not matter, nor what came later.
        Assert.Equal(["29"], violation.States);
        Assert.Equal([Write(1, 500, null).ToString(), Read(1, 502, 503).ToString(), Read(29, 504, 505).ToString()], violation.Operations);
        Assert.Equal([Write(1, 500, null).ToString(), Read(1, 502, 503).ToString()], violation.Explained);
        Assert.Contains("From 29 no order explains these 3 operations:\n  [  500 ..    ?]", violation.ToString(), StringComparison.Ordinal);

        static Operation<int, int>[] Pair(int value, int at) => [Write(value, at, at + 1), Read(value, at + 2, at + 3)];
    }

    [Fact]
    public void The_report_says_all_states_that_it_may_have_begun_in()
    {
        var violation = Checker.Check(Model, [Write(1, 0, 10), Write(2, 0, 10), Read(3, 11, 12)])!;

        Assert.Equal(["1", "2"], violation.States.Order());
        Assert.Equal([Read(3, 11, 12).ToString()], violation.Operations);
        Assert.Empty(violation.Explained);
    }

    [Fact]
    public void A_call_that_had_not_returned_when_things_went_wrong_may_have_been_any()
    {
        var violation = Checker.Check(Model, [Write(1, 0, 1), Write(3, 2, 100), Read(7, 3, 4), Read(3, 101, 102)])!;

        Assert.Equal(["1"], violation.States);
        Assert.Equal([Write(3, 2, null).ToString(), Read(7, 3, 4).ToString()], violation.Operations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_an_order_made_is_explained_and_a_read_of_something_else_is_not(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20; round++)
        {
            var history = Explained(random, 60);
            Assert.Null(Checker.Check(Model, history.OrderBy(_ => random.Next())));

            // A value that nobody has written.
            var spoiled = history.FindIndex(static operation => operation.Call == RegisterModel.Read && operation.Returned is not null);
            history[spoiled] = history[spoiled] with { Result = 1_000_000 };
            Assert.NotNull(Checker.Check(Model, history));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_decides_as_the_trial_of_all_orders_does(int seed)
    {
        var random = new Random(seed);
        var verdicts = new int[2];
        for (var round = 0; round < 2_000; round++)
        {
            List<Operation<int, int>> history = [];
            for (var i = 0; i < 6; i++)
            {
                var invoked = random.Next(20);
                history.Add(new Operation<int, int>(i, random.Next(3), random.Next(3), invoked, random.Next(5) == 0 ? null : invoked + 1 + random.Next(10)));
            }

            var expected = IsExplained(history, 0);
            Assert.True(expected == (Checker.Check(Model, history) is null), $"Seed {seed}, round {round}:\n{string.Join('\n', history)}");
            verdicts[expected ? 1 : 0]++;
        }

        Assert.All(verdicts, count => Assert.True(count > 200, "The histories are one-sided."));
    }

    [Fact]
    public void A_search_without_an_end_is_given_up()
    {
        var history = Enumerable.Range(1, 40).Select(i => Write(i, 0, 1000)).Append(Read(99, 0, 1000));

        Assert.Throws<InvalidOperationException>(() => new LinearizabilityChecker(mostSteps: 10_000).Check(Model, history));
    }

    private static Operation<int, int> Write(int value, long invoked, long? returned) => new(0, value, 0, invoked, returned);

    private static Operation<int, int> Read(int value, long invoked, long? returned) => new(0, RegisterModel.Read, value, invoked, returned);

    /// <summary>Calls that took effect one after another, and were on their way for a while before and after that.</summary>
    private static List<Operation<int, int>> Explained(Random random, int count)
    {
        var state = 0;
        List<Operation<int, int>> history = [];
        for (var i = 1; i <= count; i++)
        {
            var call = random.Next(2) == 0 ? RegisterModel.Read : i;
            state = call == RegisterModel.Read ? state : call;
            history.Add(new Operation<int, int>(i, call, state, (10 * i) - random.Next(1, 40), random.Next(10) == 0 ? null : (10 * i) + random.Next(1, 40)));
        }

        return history;
    }

    // Any of those that were called before all others that are left have returned may be the first.
    private static bool IsExplained(List<Operation<int, int>> left, int state) =>
        left.All(static operation => operation.Returned is null)
        || left.Any(first => left.All(other => first.Invoked <= (other.Returned ?? long.MaxValue))
            && Model.TryStep(state, first, out var next) && IsExplained([.. left.Where(other => other != first)], next));
}
