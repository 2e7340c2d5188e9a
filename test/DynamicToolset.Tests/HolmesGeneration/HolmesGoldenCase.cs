using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Capabilities;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;

namespace DynamicToolset.Tests.HolmesGeneration;

/// <summary>
/// A folder with what goes in and what comes out:
/// <code>
/// services.txt     a Service a line, as <see cref="ServiceText"/> reads it
/// overrides.yaml   the admin's key
/// bases.txt        the base toolsets, a name a line
/// says.txt         what backends say of themselves, a Service and its line on each
/// compat.yaml      the file for the releases of 2025 and 2026
/// current.yaml     the file for newer ones
/// left-out.txt     what is not in them, and why
/// </code>
/// </summary>
internal sealed record HolmesGoldenCase(string Name)
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "HolmesGeneration", "Golden");

    public static ImmutableArray<string> Names { get; } =
        [.. Directory.GetDirectories(Root).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public ImmutableArray<string> Bases { get; } =
        File.Exists(Path.Combine(Root, Name, "bases.txt")) ? [.. Lines(Path.Combine(Root, Name, "bases.txt"))] : ["kubernetes/core", "kubernetes/logs"];

    public string? Read(string file) => File.Exists(Path.Combine(Root, Name, file)) ? File.ReadAllText(Path.Combine(Root, Name, file)) : null;

    public HolmesFile Make(HolmesTarget target)
    {
        OverrideSet overrides = OverrideParser.Parse(Read("overrides.yaml"));
        Assert.Null(overrides.Problem);
        var pipeline = new ToolsetPipeline(BuiltInRules.All, [], [], "") { Holmes = new HolmesProfile(target, Bases) { TakesAnyCertificate = true, TellsCapabilities = true } };
        Dictionary<string, CapabilityLine> says = (Read("says.txt") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(' ', 2)).ToDictionary(l => l[0], l => CapabilityLine.Of([l[1]]), StringComparer.Ordinal);
        ImmutableArray<Detection.Matched> detections =
            [.. pipeline.Detect(ServiceText.ParseAll([.. Lines(Path.Combine(Root, Name, "services.txt"))])).OfType<Detection.Matched>()];
        return pipeline.Generate(
            detections, _ => true, Incumbents.None, OverrideState.Start.Next(overrides), present: null, lastSeenOverrides: null, says: d => says.GetValueOrDefault(d.Service.Key.ToString())).Holmes!;
    }

    public string LeftOut()
    {
        var text = new StringBuilder();
        foreach (HolmesTarget target in Enum.GetValues<HolmesTarget>())
        {
            foreach (HolmesOmission omission in Make(target).LeftOut)
                text.Append(target.ToString().ToLowerInvariant()).Append(": ").Append(omission).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Lines(string file) => File.ReadAllLines(file).Where(l => l.Length > 0);
}
