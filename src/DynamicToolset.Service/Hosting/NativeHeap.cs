using System.Runtime.InteropServices;

namespace DynamicToolset.Service.Hosting;

/// <summary>
/// Memory beside the collected heap, that of TLS above all. glibc gives threads heaps of their own, up to eight for each core, and each keeps about as much as
/// it ever needed. For a handshake the runtime reads the authorities of the system, a megabyte, and reads them anew when five minutes are over: on
/// whatever thread that comes to, so that with restarts of the API server one heap after the other grew.
/// </summary>
internal static class NativeHeap
{
    /// <summary>M_ARENA_MAX of https://man7.org/linux/man-pages/man3/mallopt.3.html.</summary>
    private const int ArenaMax = -8;

    /// <summary>Nothing here allocates so much of it that threads would wait for each other.</summary>
    private const int Heaps = 2;

    /// <summary>To be called before there are threads: a heap that there is stays.</summary>
    public static void Limit()
    {
        try
        {
            _ = Mallopt(ArenaMax, Heaps);
        }
        catch (EntryPointNotFoundException)
        {
            // musl has one heap for all threads, and no such call.
        }
    }

    /// <summary>Gives back to the system what is free on whole pages: what a handshake has left, above all.</summary>
    public static void Trim()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // The same.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int Mallopt(int parameter, int value);

    /// <param name="left">At the end of the heap, in bytes.</param>
    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int MallocTrim(nuint left);
}
