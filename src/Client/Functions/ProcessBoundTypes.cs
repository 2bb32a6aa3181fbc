using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Cluster.Client.Functions;

/// <summary>Types that mean something in one process only, with what to do instead. Others are found by looking at their fields.</summary>
internal static class ProcessBoundTypes
{
    private static readonly (Type Base, string Reason)[] Known =
    [
        (typeof(Stream), "is a stream, open in this process only: open it inside the function, from a path or an address"),
        (typeof(TextReader), "is a reader, open in this process only: open it inside the function, or send the text"),
        (typeof(TextWriter), "is a writer, open in this process only: return the text, or use Console.WriteLine, whose lines come back"),
        (typeof(HttpMessageInvoker), "holds network connections of this process: create it inside the function, or keep it in a static field there"),
        (typeof(Socket), "is a network connection of this process: open it inside the function"),
        (typeof(Task), "is work of this process: await it first and send its result"),
        (typeof(CancellationToken), "belongs to this process: give the function a CancellationToken as its last parameter, and yours to the call"),
        (typeof(CancellationTokenSource), "cancels in this process only: pass its token to the call, and take a CancellationToken as last parameter"),
        (typeof(SafeHandle), "is a handle of this process: open the resource inside the function"),
        (typeof(CriticalHandle), "is a handle of this process: open the resource inside the function"),
        (typeof(WaitHandle), "synchronises threads of this process only"),
        (typeof(SemaphoreSlim), "synchronises threads of this process only"),
        (typeof(Lock), "synchronises threads of this process only"),
        (typeof(ReaderWriterLockSlim), "synchronises threads of this process only"),
        (typeof(Thread), "is a thread of this process"),
        (typeof(Timer), "is a timer of this process"),
        (typeof(TimeProvider), "is the clock of this process: use TimeProvider.System inside the function"),
        (typeof(Random), "has a state that does not travel: send a seed, and create it inside the function"),
        (typeof(MemberInfo), "describes code and not data: make the function generic, or send a name"),
        (typeof(Assembly), "describes code and not data: use typeof(…).Assembly inside the function"),
        (typeof(IServiceProvider), "holds objects of this process: create what the function needs inside it"),
        (typeof(System.Collections.IEnumerator), "is an iteration in progress: send the elements as an array"),
        (typeof(Delegate), "is a delegate inside another value: capture the delegate itself, in a variable of its own"),
        (typeof(nint), "is an address or a handle of this process"),
        (typeof(nuint), "is an address or a handle of this process"),
        (typeof(GCHandle), "is an address or a handle of this process"),
        (typeof(ClusterFuture), "is a future of this process: await it first and send its result"),
        (typeof(ClusterClient), "is a connection of this process: use TaskContext.Current.Cluster inside the function"),
    ];

    private static readonly HashSet<Type> GenericDefinitions =
        [typeof(ValueTask<>), typeof(IAsyncEnumerable<>), typeof(IAsyncEnumerator<>), typeof(Lazy<>), typeof(ThreadLocal<>), typeof(AsyncLocal<>)];

    /// <summary>Why values of the type cannot leave this process; null for types that are not known here.</summary>
    public static string? Find(Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRef || type.IsByRefLike)
        {
            return "refers to memory of this process: send the values that it points to, as an array";
        }

        if (type == typeof(ValueTask) || (type.IsGenericType && GenericDefinitions.Contains(type.GetGenericTypeDefinition())))
        {
            return "stands for values that are still to come in this process: compute them first and send those";
        }

        if (type == typeof(object))
        {
            return "could hold anything, and nothing that arrives may say what to create: declare the exact type";
        }

        foreach (var (known, reason) in Known)
        {
            if (known.IsAssignableFrom(type))
            {
                return reason;
            }
        }

        return null;
    }
}
