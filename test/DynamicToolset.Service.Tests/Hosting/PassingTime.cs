using DynamicToolset.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DynamicToolset.Service.Tests.Hosting;

internal static class PassingTime
{
    /// <summary>Lets time pass in steps until something is true. How many of them there are depends on the machine.</summary>
    public static Task PassUntilAsync(this FakeTimeProvider time, TimeSpan step, Func<bool> isTrue, string what) => Patience.EventuallyAsync(
        () =>
        {
            time.Advance(step);
            return isTrue();
        },
        what);
}
