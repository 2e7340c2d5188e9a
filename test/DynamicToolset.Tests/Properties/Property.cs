using System.Globalization;
using CsCheck;

namespace DynamicToolset.Tests.Properties;

/// <summary>
/// Checks a promise on many generated inputs. The inputs depend on PROPERTY_SEED alone (a number, 1 unless set), so that a run can be
/// repeated; PROPERTY_CASES multiplies their number. An input that breaks the promise is made smaller by CsCheck, which prints its seed:
/// with CsCheck_Seed set to it that input alone is tried.
/// </summary>
internal static class Property
{
    private static readonly ulong Seed = ulong.Parse(Environment.GetEnvironmentVariable("PROPERTY_SEED") ?? "1", CultureInfo.InvariantCulture);
    private static readonly int Times = int.Parse(Environment.GetEnvironmentVariable("PROPERTY_CASES") ?? "1", CultureInfo.InvariantCulture);

    /// <param name="classesOf">The classes that an input belongs to.</param>
    /// <param name="expected">Classes of which there must be inputs: a promise that was never put to the test is not kept.</param>
    public static void Holds<T>(
        this Gen<T> inputs, int cases, ITestOutputHelper output, Action<T> promise, Func<T, IEnumerable<string>> classesOf, params string[] expected)
    {
        if (Environment.GetEnvironmentVariable("CsCheck_Seed") is { Length: > 0 } one)
        {
            inputs.Sample(promise, seed: one, iter: 1, threads: 1);
            return;
        }

        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < cases * Times; i++)
        {
            var chance = new PCG((uint)i, Seed);
            string seed = chance.ToString();
            T input = inputs.Generate(chance, null, out _);
            foreach (string name in classesOf(input))
                counts[name] = counts.GetValueOrDefault(name) + 1;
            if (!IsKept(promise, input))
                inputs.Sample(promise, seed: seed, iter: 200, threads: 1);
        }

        output.WriteLine($"{cases * Times} inputs, seed {Seed}: {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}");
        string[] missing = [.. expected.Where(name => !counts.ContainsKey(name))];
        Assert.True(missing.Length == 0, $"no input was of the class: {string.Join(", ", missing)}");
    }

    /// <summary>Any exception breaks the promise: which one is told when CsCheck has made the input smaller.</summary>
    private static bool IsKept<T>(Action<T> promise, T input)
    {
        try
        {
            promise(input);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }
}
