using System.Globalization;

namespace DynamicToolset.Testing;

/// <summary>
/// The one source of chance for tests. A random test is many cases, each made from its seed alone: a number that counts up from TEST_SEED (0 unless
/// set). A failure tells the seed and the command that runs this case alone, on any machine. TEST_CASES sets how many cases there are, for a search
/// that is longer than the gate's.
/// </summary>
public static class Chance
{
    private static readonly int? Cases = Number("TEST_CASES");

    private static readonly int First = Number("TEST_SEED") ?? 0;

    /// <summary>What is told of many cases together holds for as many as the test was written for, or more.</summary>
    public static bool IsEnough(int cases) => Cases is null || Cases >= cases;

    public static IEnumerable<int> Seeds(int cases) => Enumerable.Range(First, Cases ?? cases);

    /// <param name="hits">How many of the cases are to be such as <paramref name="isHit"/> tells: a promise that was never put to the test is not kept.</param>
    public static void Try(int cases, Range hits, Func<Random, bool> isHit) => Try(cases, hits, (_, random) => isHit(random));

    /// <inheritdoc cref="Try(int, Range, Func{Random, bool})"/>
    /// <param name="isHit">Is told the seed too.</param>
    public static void Try(int cases, Range hits, Func<int, Random, bool> isHit)
    {
        int count = 0;
        foreach (int seed in Seeds(cases))
            count += Replayable(seed, () => isHit(seed, new Random(seed))) ? 1 : 0;
        if (IsEnough(cases))
            Assert.InRange((double)count / (Cases ?? cases), (double)hits.Start.Value / cases, (double)hits.End.Value / cases);
    }

    public static void Try(int cases, Action<Random> promise) => Try(cases, 0..cases, random =>
    {
        promise(random);
        return true;
    });

    public static async Task TryAsync(int cases, Func<Random, Task> promise)
    {
        foreach (int seed in Seeds(cases))
        {
            if (await Record.ExceptionAsync(() => promise(new Random(seed))) is { } broken)
                throw Replay(seed, broken);
        }
    }

    /// <summary>What a failure throws: how to run the case alone, before what went wrong.</summary>
    public static Exception Replay(int seed, Exception broken)
    {
        string program = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        string project = TestContext.Current.TestAssembly?.AssemblyName.Split(',')[0] ?? "";
        string method = $"{TestContext.Current.TestMethod?.TestClass.TestClassName}.{TestContext.Current.TestMethod?.MethodName}";
        string command = $"TEST_SEED={seed} TEST_CASES=1 artifacts/bin/{project}/{program}/{project} -method '{method}'";
        return new InvalidOperationException($"Seed {seed} broke the promise. To run it alone:\n{command}\n{broken.Message}", broken);
    }

    private static T Replayable<T>(int seed, Func<T> attempt)
    {
        try
        {
            return attempt();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            throw Replay(seed, broken);
        }
    }

    private static int? Number(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
