using System.Collections.Immutable;
using System.Text.RegularExpressions;
using DynamicToolset.Backends;
using DynamicToolset.Holmes;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>What somebody probably meant. A hint has known words alone in it, and none of the text.</summary>
public static partial class OverrideHints
{
    private static readonly string[] Endings = ["-toolset.yaml", "-toolset.yml", "-toolset", ".yaml", ".yml"];

    private static readonly string[] KubernetesNicknames = ["k8s", "kube"];

    /// <summary>In whatever toolset.</summary>
    private static readonly ImmutableArray<string> UrlKeys = [.. BackendKinds.All.SelectMany(k => k.UrlKeys).Distinct()];

    /// <summary>Shorter ones are the beginning of too many.</summary>
    private const int ShortestBeginning = 4;

    /// <summary>The type, or <c>kubernetes</c>, that a misspelt name probably means; null if none is similar.</summary>
    public static string? MeantBy(string name, RuleSet rules)
    {
        string[] known = [.. rules.Types.Select(t => t.Name), ToolsetName.Kubernetes];
        if (known.Contains(name))
            return null;
        string plain = WithoutEnding(name);
        string? meant = known.FirstOrDefault(k => k == plain)
            ?? known.FirstOrDefault(k => Spelling.IsSlipOf(plain, k))
            ?? BackendKinds.All.FirstOrDefault(k => k.Nicknames.Contains(plain))?.Name
            ?? (KubernetesNicknames.Contains(plain) ? ToolsetName.Kubernetes : null)
            ?? (plain.Length >= ShortestBeginning ? known.FirstOrDefault(k => k.StartsWith(plain, StringComparison.Ordinal)) : null);
        return known.Contains(meant) ? meant : null;
    }

    /// <summary>For a name that is not generated: what to write instead; null if unknown.</summary>
    public static string? ForUnknownName(string name, RuleSet rules)
    {
        if (WithoutEnding(name) is "holmes-toolsets" or "holmes-toolset" or "holmes" or "holmesgpt")
            return $"this is not the name of one toolset, but of the file with all of them: write one name, such as {ToolsetName.Kubernetes}";
        return MeantBy(name, rules) is { } meant ? $"did you mean {meant}?" : null;
    }

    /// <summary>Behind what is said of a name that is none: what to write instead, or nothing.</summary>
    internal static string ForName(string name)
    {
        if (name == "overrides.yaml")
            return "; remove this key: the toolset names must be at the top level";
        if (name.StartsWith($"{ToolsetName.Kubernetes}/", StringComparison.Ordinal))
            return "; this name of HolmesGPT's belongs in HOLMES_BASE_TOOLSETS, and the generated toolset for the cluster is called kubernetes";
        if (Known(name) is { } known)
            return $"; write {known}";
        return name.Any(char.IsAsciiLetterUpper) ? "; write the name in lower case" : "";
    }

    /// <summary>Valid overrides with a probable mistake, which are used as written.</summary>
    public static IEnumerable<YamlProblem> In(YamlNode.Mapping root, OverrideSet read, RuleSet rules) => read.Slips
        .Concat(root.Entries.SelectMany(entry => OfName(entry, read.Entries[entry.Key], rules)))
        .OrderBy(p => p.Position.Line);

    /// <summary>Those that show in the text alone, whatever is in the cluster.</summary>
    internal static IEnumerable<YamlProblem> SlipsIn(YamlNode.Mapping root) => root.Entries.SelectMany(entry =>
    {
        var body = (YamlNode.Mapping)entry.Value;
        IEnumerable<YamlProblem> ofBody = OfFields(body);
        return body["config"] is YamlNode.Mapping config
            ? ofBody.Concat(BesideConfig(body)).Concat(OfConfig(entry.Key, config)).Concat(OfTemplates(body))
            : ofBody.Concat(OfConfigKeys(entry.Key, body)).Concat(OfTemplates(body));
    });

    private static IEnumerable<YamlProblem> OfFields(YamlNode.Mapping body) =>
        from field in body.Entries
        let meant = MeantBy(field)
        where meant is not null
        select new YamlProblem(field.KeyPosition, $"nothing reads this key: did you mean {meant}?");

    private static IEnumerable<YamlProblem> BesideConfig(YamlNode.Mapping body) =>
        from field in body.Entries
        where UrlKeys.Contains(field.Key) || field.Key is "apiKey" or "api_key" or "headers"
        select new YamlProblem(field.KeyPosition, "nothing reads this key here: move it into \"config\"");

    private static IEnumerable<YamlProblem> OfConfig(string toolset, YamlNode.Mapping config)
    {
        IEnumerable<YamlProblem> outside =
            from field in config.Entries
            where field.Value is YamlNode.Scalar && OverrideGrammar.BesideConfig.Any(f => f.Name == field.Key)
            select new YamlProblem(field.KeyPosition, "nothing reads this key here: move it out of \"config\", to the same level");
        IEnumerable<YamlProblem> misspelt =
            from field in config.Entries
            where IsUrlByAnotherName(field)
            select new YamlProblem(field.KeyPosition, "nothing reads this key: did you mean \"url\"?");
        return outside.Concat(misspelt).Concat(OfConfigKeys(toolset, config));
    }

    private static IEnumerable<YamlProblem> OfConfigKeys(string toolset, YamlNode.Mapping config)
    {
        ImmutableArray<string> read = BackendKinds.Of(toolset).UrlKeys;
        return config.Entries.Where(f => UrlKeys.Contains(f.Key)).Select(f => ProblemWithUrl(f, read)).OfType<YamlProblem>();
    }

    /// <summary>HolmesGPT has another name for the URL in each of its toolsets, and a reference to its environment is filled in there.</summary>
    private static YamlProblem? ProblemWithUrl(YamlEntry field, ImmutableArray<string> read) => field.Value switch
    {
        YamlNode.Scalar { IsNull: true } => null,
        YamlNode.Scalar when !read.Contains(field.Key) => new YamlProblem(field.KeyPosition, "nothing reads this key of this toolset: write \"url\""),
        YamlNode.Scalar url when !IsUrl(url.Text) =>
            new YamlProblem(url.Position, "this is not a URL: begin it with http:// or https://, as in http://name.namespace:9090"),
        _ => null,
    };

    private static bool IsUrl(string text) => text.Length == 0 || text[0] is '$' or '{'
        || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Helm's expressions begin with a point, a variable or a word of its own; <c>{{ env.NAME }}</c> is HolmesGPT's.</summary>
    private static IEnumerable<YamlProblem> OfTemplates(YamlNode node) => node switch
    {
        YamlNode.Mapping map => map.Entries.SelectMany(e => OfTemplates(e.Value)),
        YamlNode.Sequence list => list.Items.SelectMany(OfTemplates),
        YamlNode.Scalar text when HelmExpression.IsMatch(text.Text) =>
            [new YamlProblem(text.Position, "this template is not rendered, and is used as it is: render it with helm template")],
        _ => [],
    };

    private static IEnumerable<YamlProblem> OfName(YamlEntry entry, ToolsetValue.Map read, RuleSet rules)
    {
        bool isKnown = entry.Key == ToolsetName.Kubernetes || rules.FindType(entry.Key) is not null;
        if (isKnown || (read["config"] as ToolsetValue.Map)?["url"] is not (null or ToolsetValue.Nothing))
            return [];
        const string Why = "this is not a type and has no config.url, so it has an effect only while a Service has this name";
        return [new YamlProblem(entry.KeyPosition, ForUnknownName(entry.Key, rules) is { } hint ? $"{Why}: {hint}" : Why)];
    }

    private static string WithoutEnding(string name) =>
        Endings.Where(e => name.EndsWith(e, StringComparison.Ordinal)).Select(e => name[..^e.Length]).FirstOrDefault() ?? name;

    /// <summary>As HolmesGPT calls it, as its key in the ConfigMap is called, or in other letters.</summary>
    private static string? Known(string name)
    {
        string plain = WithoutEnding(name);
        string[] names = [.. BuiltInRules.All.Types.Select(t => t.Name), ToolsetName.Kubernetes];
        return names.FirstOrDefault(n => string.Equals(n, plain, StringComparison.OrdinalIgnoreCase))
            ?? names.FirstOrDefault(n => IsHolmesName(name, n))
            ?? (plain == name ? null : "the name without the ending");
    }

    /// <summary>Where one is known to be the backend's it is that one: others of HolmesGPT's under the same name are for other products.</summary>
    private static bool IsHolmesName(string name, string type)
    {
        BackendKind kind = BackendKinds.Of(type);
        HolmesForm.BuiltIn[] forms =
            [.. kind.FormsFor(HolmesTarget.Compat).Concat(kind.FormsFor(HolmesTarget.Current)).OfType<HolmesForm.BuiltIn>()];
        return forms.Length > 0 ? forms.Any(f => f.Toolset == name) : name.StartsWith($"{type}/", StringComparison.Ordinal);
    }

    private static string? MeantBy(YamlEntry field) => (field.Key, field.Value) switch
    {
        ("enabled" or "config" or "description" or "llm_instructions", _) => null,
        ("disabled" or "disable", YamlNode.Scalar) => "\"enabled: false\"",
        (var key, YamlNode.Scalar) when Spelling.IsSlipOf(key, "enabled") => "\"enabled\"",
        (var key, YamlNode.Scalar) when Spelling.IsSlipOf(key, "description") => "\"description\"",
        (var key, YamlNode.Scalar) when Spelling.IsSlipOf(key, "llm_instructions") => "\"llm_instructions\"",
        ("configuration" or "cfg", YamlNode.Mapping) => "\"config\"",
        (var key, YamlNode.Mapping) when Spelling.IsSlipOf(key, "config") => "\"config\"",
        _ when IsUrlByAnotherName(field) => "\"url\"",
        _ => null,
    };

    private static bool IsUrlByAnotherName(YamlEntry field) => field is { Key: "URL" or "Url" or "uri" or "endpoint", Value: YamlNode.Scalar };

    [GeneratedRegex(
        @"\{\{-?\s*(?:\.[A-Za-z$]|\$|(?:if|else|end|include|range|with|toYaml|template|tpl|default|printf|quote|required|lookup)\b)",
        RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex HelmExpression { get; }
}
