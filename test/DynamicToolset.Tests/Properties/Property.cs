using CsCheck;
using DynamicToolset.Testing;

namespace DynamicToolset.Tests.Properties;

/// <summary>Checks a promise on many generated inputs, each made from a seed of <see cref="Chance"/>. One that breaks it is made smaller by CsCheck.</summary>
internal static class Property
{
    /// <param name="classesOf">The classes that an input belongs to.</param>
    /// <param name="expected">Classes of which there must be inputs: a promise that was never put to the test is not kept.</param>
    public static void Holds<T>(
        this Gen<T> inputs, int cases, ITestOutputHelper output, Action<T> promise, Func<T, IEnumerable<string>> classesOf, params string[] expected)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (int seed in Chance.Seeds(cases))
        {
            var chance = new PCG((uint)seed, 1);
            string start = chance.ToString();
            T input = inputs.Generate(chance, null, out _);
            foreach (string name in classesOf(input))
                counts[name] = counts.GetValueOrDefault(name) + 1;
            if (Record.Exception(() => promise(input)) is { } broken)
                throw Chance.Replay(seed, Smaller(inputs, promise, start) ?? broken);
        }

        output.WriteLine(string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}")));
        string[] missing = Chance.IsEnough(cases) ? [.. expected.Where(name => !counts.ContainsKey(name))] : [];
        Assert.True(missing.Length == 0, $"no input was of the class: {string.Join(", ", missing)}");
    }

    public static void Holds<T>(this Gen<T> inputs, int cases, ITestOutputHelper output, Func<T, bool> promise) =>
        inputs.Holds(cases, output, input => Assert.True(promise(input)), static _ => []);

#pragma warning disable RS0030 // Of CsCheck's own chance, only what begins with a seed of ours.
    private static Exception? Smaller<T>(Gen<T> inputs, Action<T> promise, string start) =>
        Record.Exception(() => inputs.Sample(promise, seed: start, iter: 200, threads: 1));
#pragma warning restore RS0030
}
