using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Overrides;

/// <summary>
/// The short form of an override: without <c>config</c> its keys are those of the configuration, but for the few that every toolset has beside it.
/// <code>
/// {url: u}                      {config: {url: u}}
/// {enabled: false, url: u}      {enabled: false, config: {url: u}}
/// {enabled: false}              {enabled: false}
/// {url: u, config: {index: i}}  {url: u, config: {index: i}}
/// </code>
/// </summary>
public static class OverrideShorthand
{
    public static ToolsetValue.Map WriteOut(ToolsetValue.Map body)
    {
        if (body["config"] is not null || body.Entries.All(e => IsBesideConfig(e.Key)))
            return body;
        ImmutableArray<KeyValuePair<string, ToolsetValue>> config = [.. body.Entries.Where(e => !IsBesideConfig(e.Key))];
        return new ToolsetValue.Map(
            [.. body.Entries.Where(e => IsBesideConfig(e.Key)), KeyValuePair.Create("config", (ToolsetValue)new ToolsetValue.Map(config))]);
    }

    private static bool IsBesideConfig(string key) => OverrideGrammar.BesideConfig.Any(f => f.Name == key);
}
