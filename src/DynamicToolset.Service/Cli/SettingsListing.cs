using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>--print-config</c> prints. Secrets are masked in both forms.</summary>
internal static class SettingsListing
{
    /// <summary>A table for people; an empty value shows its meaning, in parentheses.</summary>
    public static string Table(ImmutableArray<EffectiveSetting> settings) =>
        TextTable.Of([["SETTING", "VALUE", "FROM"], .. settings.Select(s => (string[])[s.Definition.Name, Value(s), s.Origin.Place])]);

    /// <summary><c>{"settings":[{"name","value","source","place"}]}</c>, the values as texts.</summary>
    public static string Json(ImmutableArray<EffectiveSetting> settings) => PrintedJson.Of(new JsonObject
    {
        ["settings"] = new JsonArray([.. settings.Select(s => new JsonObject
        {
            ["name"] = s.Definition.Name,
            ["value"] = s.Shown,
            ["source"] = s.Origin.Source.ToString().ToLowerInvariant(),
            ["place"] = s.Origin.Place,
        })]),
    });

    private static string Value(EffectiveSetting setting) =>
        setting.Shown.Length == 0 ? $"({setting.Definition.EmptyMeans})" : setting.Shown;
}
