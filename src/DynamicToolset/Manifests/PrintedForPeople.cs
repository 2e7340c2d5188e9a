using System.Text.RegularExpressions;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>Knows what <c>kubectl</c> prints for people, which says too little to be read as manifests.</summary>
public static partial class PrintedForPeople
{
    /// <summary>What is wrong with a document that is no object of Kubernetes.</summary>
    public static string WhyNoObject(YamlNode document) => document switch
    {
        YamlNode.Scalar { IsPlain: true } text when Table.IsMatch(text.Text) => "this is a table that kubectl prints for people: add -o yaml to the command",
        YamlNode.Scalar { IsPlain: true } text when Names.IsMatch(text.Text) => "these are only names, as kubectl prints them with -o name: use -o yaml instead",
        YamlNode.Mapping map when map["Name"] is not null && map["Namespace"] is not null =>
            "this is what kubectl describe prints for people: use kubectl get with -o yaml",
        YamlNode.Mapping => "\"kind\" is missing: this is not a Kubernetes object",
        _ => "a Kubernetes object must be a map",
    };

    [GeneratedRegex(@"\A(NAMESPACE +)?NAME +[A-Z][A-Z-]+( |\z)", RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex Table { get; }

    [GeneratedRegex(@"\A[a-z][a-z0-9.]*/[a-z0-9][-a-z0-9.]*( |\z)", RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex Names { get; }
}
