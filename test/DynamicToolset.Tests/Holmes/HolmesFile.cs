using System.Collections.Immutable;
using DynamicToolset.Holmes;

namespace DynamicToolset.Tests.Holmes;

/// <summary>
/// A sample that HolmesGPT would load, or would not. The comments at its head say what is expected, for one target or both:
/// <c># both: 3 dotted-key, 5 null-value</c> is a line and a rule each; what is not said is expected to be fine.
/// <c># base: a,b</c> names toolsets that must be on.
/// </summary>
internal sealed record HolmesFile(string Name, string Text)
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "HolmesFiles");

    public static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(Path.Combine(Folder, folder), "*.yaml").Select(f => $"{folder}/{Path.GetFileNameWithoutExtension(f)}").Order(StringComparer.Ordinal);

    public static HolmesFile Open(string name) => new(name, File.ReadAllText(Path.Combine(Folder, name + ".yaml")));

    /// <summary>The rule that a bad file is named after; what comes after a dot tells its variants apart.</summary>
    public string Rule => Path.GetFileName(Name).Split('.')[0];

    public IEnumerable<string> Expected(HolmesTarget target) =>
        Header(target == HolmesTarget.Compat ? "compat" : "current").Concat(Header("both")).Order(StringComparer.Ordinal);

    public IEnumerable<string> Found(HolmesTarget target) =>
        Lint(target).Select(p => $"{p.Position.Line} {p.Rule.Id}").Distinct().Order(StringComparer.Ordinal);

    public ImmutableArray<HolmesProblem> Lint(HolmesTarget target) => HolmesLinter.Lint(Text, target, [.. Header("base")]);

    private IEnumerable<string> Header(string key) => Text.Split('\n')
        .Where(l => l.StartsWith($"# {key}: ", StringComparison.Ordinal))
        .SelectMany(l => l[(key.Length + 4)..].Split(',', StringSplitOptions.TrimEntries));
}
