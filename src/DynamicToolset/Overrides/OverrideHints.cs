using DynamicToolset.Backends;
using DynamicToolset.Holmes;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>What somebody probably meant. A hint has known words alone in it, and none of the text.</summary>
public static class OverrideHints
{
    private static readonly string[] Endings = ["-toolset.yaml", "-toolset.yml", "-toolset", ".yaml", ".yml"];

    /// <summary>The type, or <c>kubernetes</c>, whose name was meant by another one; null where none is near.</summary>
    public static string? MeantBy(string name, RuleSet rules)
    {
        IEnumerable<string> known = [.. rules.Types.Select(t => t.Name), ToolsetName.Kubernetes];
        return known.Contains(name) ? null : known.FirstOrDefault(k => Spelling.IsSlipOf(name, k));
    }

    /// <summary>Behind what is said of a name that is none: what to write instead, or nothing.</summary>
    internal static string ForName(string name)
    {
        if (name == "overrides.yaml")
            return "; leave this key out: the toolset names stand at the top of the text";
        if (name.StartsWith($"{ToolsetName.Kubernetes}/", StringComparison.Ordinal))
            return "; HOLMES_BASE_TOOLSETS has these names of HolmesGPT's, and what is generated for the cluster is called kubernetes";
        if (Known(name) is { } known)
            return $"; write {known}";
        return name.Any(char.IsAsciiLetterUpper) ? "; write the name in small letters" : "";
    }

    /// <summary>Of overrides that are understood: what is taken as it stands, and surely was not meant.</summary>
    public static IEnumerable<YamlProblem> In(YamlNode.Mapping root, OverrideSet read, RuleSet rules) =>
        root.Entries.SelectMany(entry => OfFields((YamlNode.Mapping)entry.Value).Concat(OfName(entry, read.Entries[entry.Key], rules)));

    private static IEnumerable<YamlProblem> OfFields(YamlNode.Mapping body) =>
        from field in body.Entries
        let meant = MeantBy(field)
        where meant is not null
        select new YamlProblem(field.KeyPosition, $"nothing reads this key: did you mean {meant}?");

    private static YamlProblem[] OfName(YamlEntry entry, ToolsetValue.Map read, RuleSet rules)
    {
        bool isKnown = entry.Key == ToolsetName.Kubernetes || rules.FindType(entry.Key) is not null;
        if (isKnown || (read["config"] as ToolsetValue.Map)?["url"] is not (null or ToolsetValue.Nothing))
            return [];
        const string Why = "no type is called so and there is no config.url, so this counts only while a Service has the name";
        return [new YamlProblem(entry.KeyPosition, MeantBy(entry.Key, rules) is { } meant ? $"{Why}: did you mean {meant}?" : Why)];
    }

    /// <summary>As HolmesGPT calls it, as its key in the ConfigMap is called, or in other letters.</summary>
    private static string? Known(string name)
    {
        string plain = Endings.Where(e => name.EndsWith(e, StringComparison.Ordinal)).Select(e => name[..^e.Length]).FirstOrDefault() ?? name;
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
        ("URL" or "Url" or "uri" or "endpoint", YamlNode.Scalar) => "\"url\"",
        _ => null,
    };
}
