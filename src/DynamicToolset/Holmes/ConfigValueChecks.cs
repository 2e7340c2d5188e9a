using System.Text.RegularExpressions;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The values in a config, at any depth: references to the environment, secrets, URLs.</summary>
internal static partial class ConfigValueChecks
{
    private const string SecretName = "(api[_-]?key|app[_-]?key|password|secret|token|authorization|secret_access_key)";

    public static void Check(YamlNode.Mapping config, Findings findings)
    {
        // Those are rendered for each request, so any template is fine there.
        foreach (TreeNode node in Tree.Below(config, except: "extra_headers"))
        {
            if (node.Value is YamlNode.Scalar scalar)
                CheckScalar(node.Key, scalar, node.IsInList, findings);
        }

        foreach (UnsentValue unsent in SentValues.ProblemsIn(config))
            findings.Report(unsent.Rule, unsent.Position, unsent.Name);
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
}
