namespace DynamicToolset.Cluster;

/// <summary>The keys of the ConfigMap's data.</summary>
public static class ToolsetKey
{
    /// <summary>The admin's key. It is never in an update, so its bytes cannot change.</summary>
    public const string Overrides = "overrides.yaml";

    /// <summary>All toolsets in one text, as HolmesGPT loads it. Reserved, also where that text is not wanted.</summary>
    public const string Holmes = "holmes-toolsets.yaml";

    private const string Suffix = "-toolset.yaml";

    public static string Of(string toolset) => toolset + Suffix;

    /// <summary>True for every key that is ours to write and to remove.</summary>
    public static bool IsOurs(string key) => key == Holmes || IsToolset(key);

    /// <summary>True for the key of one toolset.</summary>
    public static bool IsToolset(string key) => key.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The toolset's name in a key that <see cref="IsToolset"/>.</summary>
    public static string NameIn(string key) => key[..^Suffix.Length];
}
