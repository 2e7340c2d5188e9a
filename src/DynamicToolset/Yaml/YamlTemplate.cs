namespace DynamicToolset.Yaml;

/// <summary>Texts that a template engine has still to make YAML of.</summary>
public static class YamlTemplate
{
    private const string Mark = "{{";

    /// <summary>Behind what is said of a place in a text: that it is a template and what to do, or nothing.</summary>
    public static string HintAt(string text, YamlPosition place)
    {
        if (!text.Contains(Mark, StringComparison.Ordinal))
            return "";
        string line = text.Split('\n').ElementAtOrDefault(place.Line - 1) ?? "";
        return text.AsSpan().TrimStart().StartsWith(Mark) || line.Contains(Mark, StringComparison.Ordinal)
            ? ". It looks like a template: render it first, for example with helm template"
            : "";
    }
}
