using System.Text.RegularExpressions;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The values in a config, at any depth: references to the environment, secrets, URLs.</summary>
internal static partial class ConfigValueChecks
{
    private const string SecretName = "(api[_-]?key|app[_-]?key|password|secret|token|authorization|secret_access_key)";

    public static void Check(YamlNode.Mapping config, Findings findings)
    {
        CheckMap(config, isInList: false, areSettings: true, findings);
        foreach (UnsentValue unsent in SentValues.ProblemsIn(config))
            findings.Report(unsent.Rule, unsent.Position, unsent.Name);
    }

    /// <param name="isInList">True in a map that is an item of a list, or below it.</param>
    /// <param name="areSettings">False in a map of headers or labels, whose keys may be called anything.</param>
    private static void CheckMap(YamlNode.Mapping map, bool isInList, bool areSettings, Findings findings)
    {
        foreach (YamlEntry entry in map.Entries)
        {
            // Rendered for each request, so any template is fine there.
            if (entry.Key == "extra_headers")
                continue;
            CheckNode(entry.Key, entry.Value, isInList, findings);
            if (areSettings && IsUrlKey(entry.Key))
                CheckUrl(entry, findings);
        }
    }

    private static void CheckNode(string key, YamlNode node, bool isInList, Findings findings)
    {
        if (node is YamlNode.Mapping map)
            CheckTexts(key, map, isInList, findings);
        else if (node is YamlNode.Scalar scalar)
            CheckScalar(key, scalar, isInList, findings);
        foreach (YamlNode item in (node as YamlNode.Sequence)?.Items ?? [])
        {
            // Of clusters and instances each has settings of its own.
            if (item is YamlNode.Mapping settings)
                CheckMap(settings, isInList: true, areSettings: true, findings);
            else
                CheckNode(key, item, isInList, findings);
        }
    }

    /// <summary>Headers or labels.</summary>
    private static void CheckTexts(string key, YamlNode.Mapping map, bool isInList, Findings findings)
    {
        CheckMap(map, isInList, areSettings: false, findings);
        if (!HttpHeader.AreUnder(key))
            return;
        foreach (YamlEntry header in map.Entries.Where(e => e.Value is not YamlNode.Scalar { IsNull: true } && Words.Text(e.Value) is null))
            findings.Report(HolmesRules.HeaderValue, header.Value.Position, header.Key);
    }

    private static void CheckUrl(YamlEntry entry, Findings findings)
    {
        if (entry.Value is YamlNode.Scalar { IsNull: false, Text: var text } url && !EnvReference.IsIn(text) && !HttpUrl().IsMatch(text))
            findings.Report(HolmesRules.ConfigUrl, url.Position, entry.Key);
    }

    private static void CheckScalar(string key, YamlNode.Scalar value, bool isInList, Findings findings)
    {
        string text = value.Text;
        bool refers = EnvReference.IsIn(text);
        if (DollarReference().IsMatch(text))
            findings.Report(HolmesRules.DollarInConfig, value.Position, key);
        if (refers && isInList)
            findings.Report(HolmesRules.EnvInList, value.Position, key);
        if (EnvReference.HasBadName(text))
            findings.Report(HolmesRules.EnvName, value.Position, key);
        if (EnvReference.WithoutAll(text).Contains("{{", StringComparison.Ordinal))
            findings.Report(HolmesRules.TemplateInConfig, value.Position, key);
        if (!value.IsNull && IsSecret(key, text) && !refers && !DollarReference().IsMatch(text))
            findings.Report(HolmesRules.LiteralSecret, value.Position, key);
    }

    /// <summary>True where the key says that the text is one, or the text is a URL with a password or with such a key in its query.</summary>
    public static bool IsSecret(string key, string text) =>
        Password().IsMatch(text) || SecretParameter().IsMatch(text) || (text.Length > 0 && SecretKey().IsMatch(key));

    private static bool IsUrlKey(string key) => key is "url" or "api_url" or "prometheus_url" or "management_url";

    [GeneratedRegex(@"\$\{?[A-Za-z_][A-Za-z0-9_]*", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex DollarReference();

    [GeneratedRegex(SecretName + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex SecretKey();

    /// <summary>In the part of a URL before the host.</summary>
    [GeneratedRegex(@"://[^/@:\s{}$]*:[^/@\s{}$]+@", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Password();

    /// <summary>In the query of a URL, or in a fragment that looks like one.</summary>
    [GeneratedRegex("[?&#][^?=&#\\s]*" + SecretName + "=[^&#\\s]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternTimeout.None)]
    private static partial Regex SecretParameter();

    [GeneratedRegex(@"\Ahttps?://[^\s/]", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex HttpUrl();
}
