using System.Diagnostics;

namespace DynamicToolset.Testing;

/// <summary>How long a test waits for what must come. It matters only where something hangs: no machine is as busy as that.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <exception cref="TimeoutException">It has not ended by then.</exception>
    public static Task WithPatienceAsync(this Task task) => task.WaitAsync(Limit, Stop);

    /// <exception cref="TimeoutException">It has not ended by then.</exception>
    public static Task<T> WithPatienceAsync<T>(this Task<T> task) => task.WaitAsync(Limit, Stop);

    /// <summary>Waits until something is true; a test that needs this long has failed.</summary>
    public static Task EventuallyAsync(Func<bool> isTrue, string what) =>
        EventuallyAsync(() => Task.FromResult(isTrue()), () => what, TimeSpan.FromMilliseconds(5));

    /// <summary>The same for what is asked of a server or another process, and so not as often.</summary>
    /// <param name="what">Asked once it is too late.</param>
    public static Task EventuallyAsync(Func<Task<bool>> isTrue, Func<string> what) => EventuallyAsync(isTrue, what, TimeSpan.FromMilliseconds(20));

    private static async Task EventuallyAsync(Func<Task<bool>> isTrue, Func<string> what, TimeSpan betweenLooks)
    {
        long begun = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            if (Stopwatch.GetElapsedTime(begun) > Limit)
                Assert.Fail($"It never came true that {what()}.");
            await Task.Delay(betweenLooks, Stop);
        }
    }
}
