using Cluster.Compiler;
using Cluster.Compiler.Lambdas;

const int MaxAssemblyBytes = 1 << 20;

var compilation = new LambdaCompilation(PlatformReferences.Find(AppContext.BaseDirectory), MaxAssemblyBytes);
await new CompilerLoop(compilation, Console.OpenStandardInput(), Console.OpenStandardOutput()).RunAsync();

// A text that is still being compiled does not hold the process up.
Environment.Exit(0);
