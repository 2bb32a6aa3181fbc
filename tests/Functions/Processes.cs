namespace Cluster.TestFunctions;

/// <summary>What functions can do to the process that runs them.</summary>
public static class Processes
{
    public static int Print(int x)
    {
        Console.WriteLine($"out {x}");
        Console.Error.WriteLine($"error {x}");
        return x;
    }

    public static int Exit(int code)
    {
        if (code != 0)
        {
            Environment.Exit(code);
        }

        return code;
    }

    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
