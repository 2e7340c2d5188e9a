namespace DynamicToolset.Rules;

/// <summary>The names of toolsets, and which of them a custom one never takes.</summary>
public static class ToolsetName
{
    /// <summary>
    /// In characters. A name is a DNS label where somebody chooses it; one made of type, namespace and Service is longer. A data key
    /// has at most 253 characters, its ending included.
    /// </summary>
    public const int Longest = 240;

    public const string Kubernetes = "kubernetes";

    public const string Overrides = "overrides";

    public static bool IsReserved(string name, RuleSet rules) =>
        name is Kubernetes or Overrides || name == BuiltInRules.Custom.Name || rules.FindType(name) is not null;
}
