using Cluster.Samples.Multiprocessing;

// Every listing is a program of its own; this picks one by its name.
var programs = new SortedDictionary<string, Func<Task>>(StringComparer.OrdinalIgnoreCase)
{
    [nameof(CpuCount)] = CpuCount.Main,
    [nameof(ExecutorMap)] = ExecutorMap.Main,
    [nameof(ExecutorSubmit)] = ExecutorSubmit.Main,
    [nameof(ImageProcessing)] = ImageProcessing.Main,
    [nameof(MapAsyncGet)] = MapAsyncGet.Main,
    [nameof(ParallelVersusSerial)] = ParallelVersusSerial.Main,
    [nameof(PoolApplyAsync)] = PoolApplyAsync.Main,
    [nameof(PoolAutomaticWorkers)] = PoolAutomaticWorkers.Main,
    [nameof(PoolCallbacks)] = PoolCallbacks.Main,
    [nameof(PoolImap)] = PoolImap.Main,
    [nameof(PoolManual)] = PoolManual.Main,
    [nameof(PoolMap)] = PoolMap.Main,
    [nameof(PoolMapReduce)] = PoolMapReduce.Main,
    [nameof(PoolProd)] = PoolProd.Main,
    [nameof(PoolStarMap)] = PoolStarMap.Main,
    [nameof(PoolTimeout)] = PoolTimeout.Main,
    [nameof(StarMapProd)] = StarMapProd.Main,
};

if (args.Length == 1 && programs.TryGetValue(args[0], out var main))
{
    await main();
    return 0;
}

Console.Error.WriteLine("usage: dotnet run --project samples/Multiprocessing -- NAME");
Console.Error.WriteLine($"names: {string.Join(", ", programs.Keys)}");
return 2;
