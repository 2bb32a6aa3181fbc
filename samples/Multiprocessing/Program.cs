using Cluster.Samples.Multiprocessing;

// Every listing is a program of its own; this picks one by its name.
var programs = new SortedDictionary<string, Func<Task>>(StringComparer.OrdinalIgnoreCase)
{
    [nameof(CpuCount)] = CpuCount.RunAsync,
    [nameof(ExecutorMap)] = ExecutorMap.RunAsync,
    [nameof(ExecutorSubmit)] = ExecutorSubmit.RunAsync,
    [nameof(ImageProcessing)] = ImageProcessing.RunAsync,
    [nameof(LockedWrites)] = LockedWrites.RunAsync,
    [nameof(ManagerObjects)] = ManagerObjects.RunAsync,
    [nameof(ManagerProd)] = ManagerProd.RunAsync,
    [nameof(MapAsyncGet)] = MapAsyncGet.RunAsync,
    [nameof(ParallelVersusSerial)] = ParallelVersusSerial.RunAsync,
    [nameof(PartialSums)] = PartialSums.RunAsync,
    [nameof(PipeProd)] = PipeProd.RunAsync,
    [nameof(PipeSenderReceiver)] = PipeSenderReceiver.RunAsync,
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
    [nameof(ProcessBasic)] = ProcessBasic.RunAsync,
    [nameof(ProcessControl)] = ProcessControl.RunAsync,
    [nameof(ProcessCpuBound)] = ProcessCpuBound.RunAsync,
    [nameof(ProcessDaemon)] = ProcessDaemon.RunAsync,
    [nameof(ProcessKeywordArguments)] = ProcessKeywordArguments.RunAsync,
    [nameof(ProcessMultiple)] = ProcessMultiple.RunAsync,
    [nameof(ProcessProd)] = ProcessProd.RunAsync,
    [nameof(ProcessSubclass)] = ProcessSubclass.RunAsync,
    [nameof(ProcessWorkers)] = ProcessWorkers.RunAsync,
    [nameof(QueueProd)] = QueueProd.RunAsync,
    [nameof(QueueProducerConsumer)] = QueueProducerConsumer.RunAsync,
    [nameof(QueueRandom)] = QueueRandom.RunAsync,
    [nameof(SharedArray)] = SharedArray.RunAsync,
    [nameof(SharedMemoryProd)] = SharedMemoryProd.RunAsync,
    [nameof(SharedMemoryRead)] = SharedMemoryRead.RunAsync,
    [nameof(SharedValue)] = SharedValue.RunAsync,
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
