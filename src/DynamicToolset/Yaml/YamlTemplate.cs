namespace DynamicToolset.Yaml;

/// <summary>Texts that a template engine has still to make YAML of.</summary>
public static class YamlTemplate
{
    /// <summary>Behind what is said of a place in a text: that it is a template and what to do, or nothing.</summary>
    public static string HintAt(string text, YamlPosition place)
    {
        bool isTemplate = text.AsSpan().TrimStart().StartsWith("{{")
            || (text.Contains("{{", StringComparison.Ordinal) && text.Split('\n').ElementAtOrDefault(place.Line - 1)?.Contains("{{", StringComparison.Ordinal) == true);
        return isTemplate ? ". It looks like a template: render it first, as helm template does" : "";
    }
}
