using Cluster.Samples.Multiprocessing;

// Every listing is a program of its own; this picks one by its name.
var programs = new SortedDictionary<string, Func<Task>>(StringComparer.OrdinalIgnoreCase)
{
    [nameof(CpuCount)] = CpuCount.RunAsync,
    [nameof(ExecutorMap)] = ExecutorMap.RunAsync,
    [nameof(ExecutorSubmit)] = ExecutorSubmit.RunAsync,
    [nameof(ImageProcessing)] = ImageProcessing.RunAsync,
    [nameof(MapAsyncGet)] = MapAsyncGet.RunAsync,
    [nameof(ParallelVersusSerial)] = ParallelVersusSerial.RunAsync,
    [nameof(PoolApplyAsync)] = PoolApplyAsync.RunAsync,
    [nameof(PoolAutomaticWorkers)] = PoolAutomaticWorkers.RunAsync,
    [nameof(PoolCallbacks)] = PoolCallbacks.RunAsync,
    [nameof(PoolImap)] = PoolImap.RunAsync,
    [nameof(PoolManual)] = PoolManual.RunAsync,
    [nameof(PoolMap)] = PoolMap.RunAsync,
    [nameof(PoolMapReduce)] = PoolMapReduce.RunAsync,
    [nameof(PoolProd)] = PoolProd.RunAsync,
    [nameof(PoolStarMap)] = PoolStarMap.RunAsync,
    [nameof(PoolTimeout)] = PoolTimeout.RunAsync,
    [nameof(StarMapProd)] = StarMapProd.RunAsync,
};

if (args.Length == 1 && programs.TryGetValue(args[0], out var runAsync))
{
    await runAsync();
    return 0;
}

Console.Error.WriteLine("usage: dotnet run --project samples/Multiprocessing -- NAME");
Console.Error.WriteLine($"names: {string.Join(", ", programs.Keys)}");
return 2;
