using System.Collections.Immutable;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Manifests;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using DynamicToolset.Yaml;

namespace DynamicToolset.Tests.Pipeline;

/// <summary>
/// A folder with what goes in and what comes out:
/// <code>
/// services.yaml             Service manifests
/// rules.yaml                a user's rules, beside or in place of the shipped ones
/// overrides.yaml            the admin's key, byte for byte; where observed.yaml is not there it is what was last seen of it
/// last-good-overrides.yaml  what it said when it could be understood
/// health.yaml               list of namespace/name: these do not answer
/// observed.yaml             the ConfigMap that is there
/// settings.yaml             clusterDomain, preferredNamespaces, namespaces
/// expected.yaml             the ConfigMap after the plan
/// plan.txt                  what was found, and what would be written and why
/// </code>
/// </summary>
internal sealed class GoldenCase
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _folder;

    public GoldenCase(string name)
    {
        _folder = Path.Combine(AppContext.BaseDirectory, "Golden", name);
        OverridesText = Read("overrides.yaml");
        Run();
    }

    public static ImmutableArray<string> Names { get; } =
        [.. Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Golden")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public string? OverridesText { get; }

    public ConfigMapRecord? Result { get; private set; }

    /// <summary>The texts of expected.yaml and plan.txt as they are made now.</summary>
    public string Expected { get; private set; } = "";

    public string Plan { get; private set; } = "";

    /// <summary>Exactly the file's text, a byte order mark included; null where the file is not there.</summary>
    public string? Read(string file) =>
        File.Exists(Path.Combine(_folder, file)) ? Strict.GetString(File.ReadAllBytes(Path.Combine(_folder, file))) : null;

    private void Run()
    {
        ServiceManifests manifests = ServiceManifests.Read(Read("services.yaml") ?? "");
        Assert.Empty(manifests.Problems);
        ConfigMapRecord? observed = Observed();
        OverrideState state = Read("last-good-overrides.yaml") is { } lastGood
            ? OverrideState.Start.Next(OverrideParser.Parse(lastGood))
            : OverrideState.Start;
        state = state.Next(observed is null ? OverrideParser.Parse(OverridesText) : OverrideParser.ParseIn(observed));

        var settings = YamlReader.Read(Read("settings.yaml") ?? "").Documents.FirstOrDefault() as YamlNode.Mapping;
        var pipeline = new ToolsetPipeline(
            Rules(), Texts(settings?["namespaces"]), Texts(settings?["preferredNamespaces"]), Text(settings?["clusterDomain"]))
        {
            Holmes = new HolmesProfile(HolmesTarget.Compat, ["kubernetes/core", "kubernetes/logs"]),
        };
        ImmutableArray<string> unhealthy = Texts(YamlReader.Read(Read("health.yaml") ?? "").Documents.FirstOrDefault());
        ImmutableArray<Detection> detections = pipeline.Detect(manifests.Services);
        PipelineResult result = pipeline.Generate(
            [.. detections.OfType<Detection.Matched>()],
            d => !unhealthy.Contains(d.Service.Key.ToString()),
            PresentToolsets.ReadHolders(observed),
            state, observed, OverridesText);
        ConfigMapPlan plan = ConfigMapPlanner.Plan(result.Desired, observed, OverridesText);

        Result = Store.Apply(plan, observed);
        Expected = Result is null ? "" : Print(Result, result.Desired);
        Plan = Describe(detections, result, state) + "plan: " + PlanText.Of(plan);
    }

    private RuleSet Rules()
    {
        if (Read("rules.yaml") is not { } text)
            return BuiltInRules.All;
        RuleSetReading reading = BuiltInRules.With([new RuleFile("rules.yaml", text)]);
        return reading.RuleSet ?? throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }

    private ConfigMapRecord? Observed()
    {
        if (Read("observed.yaml") is not { } text)
            return null;
        ConfigMapRecord observed = ConfigMapText.Parse(text);
        return OverridesText is null ? observed : observed.With(ToolsetKey.Overrides, OverridesText);
    }

    private static string Print(ConfigMapRecord record, DesiredConfigMap desired)
    {
        IEnumerable<string> ours = desired.Data.Select(d => d.Key).Where(record.Data.ContainsKey);
        IEnumerable<string> others = record.Data.Keys.Except(desired.Data.Select(d => d.Key));
        string yaml = new ConfigMapManifest(
            record.Key, record.Labels, record.Annotations, [.. ours.Concat(others).Select(k => KeyValuePair.Create(k, record.Data[k]))]).ToYaml();
        return yaml + string.Concat(record.BinaryData.Keys.Select(k => $"# and under binaryData: {k}\n"));
    }

    private static string Describe(ImmutableArray<Detection> detections, PipelineResult result, OverrideState overrides)
    {
        var text = new StringBuilder();
        foreach (Detection detection in detections)
            text.Append("service ").Append(detection.Service.Key).Append(": ").Append(DetectionText.Of(detection)).Append('\n');
        foreach (Toolset toolset in result.Toolsets.Toolsets)
            text.Append("toolset ").Append(toolset.Name).Append(toolset.IsEnabled ? "\n" : " (disabled)\n");
        foreach ((string name, DormancyReason reason, _) in result.Toolsets.Dormant)
            text.Append("dormant ").Append(name).Append(": ").Append(reason).Append('\n');
        foreach (HolmesOmission omission in result.Holmes!.LeftOut)
            text.Append("left out for HolmesGPT: ").Append(omission).Append('\n');
        if (overrides.Problem is { } problem)
            text.Append("overrides.yaml:").Append(problem).Append('\n');
        return text.ToString();
    }

    private static string Text(YamlNode? node) => (node as YamlNode.Scalar)?.Text ?? "";

    private static ImmutableArray<string> Texts(YamlNode? node) => [.. ((node as YamlNode.Sequence)?.Items ?? []).Select(Text)];
}
