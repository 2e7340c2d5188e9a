using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>The names that a custom toolset never takes.</summary>
public static class ToolsetName
{
    public const string Kubernetes = "kubernetes";

    public const string Overrides = "overrides";

    public static bool IsReserved(string name, RuleSet rules) =>
        name is Kubernetes or Overrides || name == BuiltInRules.Custom.Name || rules.FindType(name) is not null;
}
