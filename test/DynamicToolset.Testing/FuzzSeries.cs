using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DynamicToolset.Testing;

/// <summary>What became of one input.</summary>
/// <param name="IsTaken">Or else refused, in the way that is promised.</param>
/// <param name="Held">What the program goes on to hold of it.</param>
public readonly record struct FuzzOutcome(bool IsTaken, object? Held);

/// <summary>
/// Inputs of one kind as anybody might send them, each made from its seed alone. None may throw, hang, or make the program hold more than so many
/// times its size. How many were taken, which took longest and of which most was held is told at the end: <c>eng/fuzz.sh</c> makes a table of it.
/// Memory is that of the whole process, so nothing else may run meanwhile: the tests are in a collection of their own.
/// </summary>
/// <param name="mostHeld">In bytes for each byte of an input.</param>
public sealed class FuzzSeries(double mostHeld)
{
    /// <summary>In bytes. Of shorter ones it would be measured what the runtime does by the way.</summary>
    private const int ShortestMeasured = 32 * 1024;

    /// <summary>In bytes: what is held of any input, such as texts that recur.</summary>
    private const int Allowance = 64 * 1024;

    /// <summary>In characters.</summary>
    private const int LongestShown = 1_000;

    private (TimeSpan Took, int Seed) _slowest;
    private (double Times, int Seed) _heaviest;
    private volatile int _seed;
    private volatile object _input = "";
    private volatile int _done;
    private int _taken;

    /// <param name="taken">How many of the cases are to be taken: a reader that refuses everything keeps no promise.</param>
    /// <param name="sizeOf">In bytes.</param>
    /// <param name="use">Throws where a promise is broken.</param>
    /// <exception cref="TimeoutException">A case has not ended: see <see cref="Patience"/>.</exception>
    public async Task TryAsync<T>(int cases, Range taken, Func<Random, T> make, Func<T, long> sizeOf, Func<T, FuzzOutcome> use)
        where T : notnull
    {
        Task all = Task.Run(() => Chance.Try(cases, taken, (seed, random) => Try(seed, make(random), sizeOf, use)));
        try
        {
            for (int before = -1; before < _done;)
            {
                before = _done;
                if (await Task.WhenAny(all, Task.Delay(Patience.Limit, TestContext.Current.CancellationToken)) != all)
                    continue;
                await all;
                return;
            }

            throw Chance.Replay(_seed, Broken(new TimeoutException($"It has not ended after {Patience.Limit.TotalSeconds} seconds.")));
        }
        finally
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"fuzz: {_done} cases, {_taken} taken, slowest {_slowest.Took.TotalMilliseconds:F0} ms with seed {_slowest.Seed}, held {_heaviest.Times:F1} times with seed {_heaviest.Seed}"));
        }
    }

    private bool Try<T>(int seed, T input, Func<T, long> sizeOf, Func<T, FuzzOutcome> use)
        where T : notnull
    {
        (_seed, _input) = (seed, input);
        try
        {
            long begun = Stopwatch.GetTimestamp();
            FuzzOutcome outcome = use(input);
            TimeSpan took = Stopwatch.GetElapsedTime(begun);
            _slowest = took > _slowest.Took ? (took, seed) : _slowest;
            if (sizeOf(input) is >= ShortestMeasured and long size)
                Weigh(seed, size, HeldOf(input, use));
            _taken += outcome.IsTaken ? 1 : 0;
            _done++;
            return outcome.IsTaken;
        }
        catch (Exception e)
        {
            throw Broken(e);
        }
    }

    private InvalidOperationException Broken(Exception e)
    {
        string text = _input.ToString()!;
        return new InvalidOperationException($"{e.Message}\nIt was this input, or one that begins so:\n{text[..Math.Min(text.Length, LongestShown)]}", e);
    }

    private void Weigh(int seed, long size, long held)
    {
        double times = (double)held / size;
        _heaviest = times > _heaviest.Times ? (times, seed) : _heaviest;
        Assert.True(held <= Allowance + (mostHeld * size), string.Create(CultureInfo.InvariantCulture, $"{held} bytes are held of {size}: {times:F1} times as many"));
    }

    /// <summary>In bytes. It was used before, so what is held once for all inputs is there already. Nothing of its own is left on the stack.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long HeldOf<T>(T input, Func<T, FuzzOutcome> use)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        object? held = use(input).Held;
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(held);
        return after - before;
    }
}
