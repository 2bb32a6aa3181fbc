using System.Diagnostics;
using Cluster.Client;

namespace Cluster.Functional.Node;

/// <summary>What the workers of these tests run. Nothing here may need an assembly that only tests have.</summary>
public static class Work
{
    public static int Square(int x) => x * x;

    public static int Pid(int _) => Environment.ProcessId;

    public static async Task<int> SquareLaterAsync(int x, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
        return x * x;
    }

    public static int Invert(int x) => 100 / x;

    public static string Shout(string text) => text.ToUpperInvariant();

    public static byte[] Zeros(int length) => new byte[length];

    public static int Length(byte[] bytes) => bytes.Length;

    public static int ExitAt3(int x)
    {
        if (x == 3)
        {
            Console.Error.WriteLine("I am about to leave");
            Environment.Exit(7);
        }

        return x;
    }

    public static int KillAt3(int x)
    {
        if (x == 3)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        return x;
    }

    public static int Overflow(int x) => x < 0 ? x : Overflow(x + 1) + 1;

    public static int UntilCancelled(int x, CancellationToken cancellationToken)
    {
        cancellationToken.WaitHandle.WaitOne();
        cancellationToken.ThrowIfCancellationRequested();
        return x;
    }

    public static int ForEver(int x)
    {
        using var never = new ManualResetEventSlim();
        never.Wait();
        return x;
    }

    /// <summary>The first items are quick; item 3 never ends.</summary>
    public static int QuickThenForEver(int x) => x < 3 ? x : ForEver(x);

    public static int Print(int x)
    {
        Console.WriteLine($"out {x}");
        Console.Error.WriteLine($"error {x}");
        Console.Write($"half {x}");
        return x;
    }

    /// <summary>Prints past Console, as native code does.</summary>
    public static int PrintNatively(int x)
    {
        using var shell = Process.Start("sh", ["-c", "echo native; echo alarm >&2"]);
        shell.WaitForExit();
        return x;
    }

    public static int Flood(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            Console.WriteLine(i);
        }

        return lines;
    }

    public static long IndexAndAttempt(int _) => (TaskContext.Current.Index * 10) + TaskContext.Current.Attempt;

    public static object Unserializable(int _) => new Action(() => { });

    public static int ThrowStrange(int x) => throw new StrangeException();

    public static int Sum((int A, int B) pair) => pair.A + pair.B;

    public static int Add(int left, int right) => left + right;

    private sealed class StrangeException : Exception
    {
        public override string Message => throw new InvalidOperationException("not even my message");
    }
}
