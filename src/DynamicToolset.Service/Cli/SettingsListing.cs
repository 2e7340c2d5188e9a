using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using DynamicToolset.Manifests;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>What <c>--print-config</c> prints. Secrets are masked in both forms.</summary>
internal static class SettingsListing
{
    private static readonly (string Name, string Value, string From) Head = ("SETTING", "VALUE", "FROM");

    /// <summary>A table for people; an empty value is shown as what it stands for, in parentheses.</summary>
    public static string Table(ImmutableArray<EffectiveSetting> settings)
    {
        ImmutableArray<(string Name, string Value, string From)> rows = [Head, .. settings.Select(Row)];
        int nameWidth = rows.Max(row => row.Name.Length);
        int valueWidth = rows.Max(row => row.Value.Length);
        var table = new StringBuilder();
        foreach ((string name, string value, string from) in rows)
            table.Append(name.PadRight(nameWidth)).Append("  ").Append(value.PadRight(valueWidth)).Append("  ").Append(from).Append('\n');
        return table.ToString();
    }

    /// <summary><c>{"settings":[{"name","value","source","place"}]}</c>, the values as texts.</summary>
    public static string Json(ImmutableArray<EffectiveSetting> settings) => PrintedJson.Of(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("settings");
        foreach (EffectiveSetting setting in settings)
            WriteSetting(json, setting);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteSetting(Utf8JsonWriter json, EffectiveSetting setting)
    {
        json.WriteStartObject();
        json.WriteString("name", setting.Definition.Name);
        json.WriteString("value", setting.Shown);
        json.WriteString("source", setting.Origin.Source.ToString().ToLowerInvariant());
        json.WriteString("place", setting.Origin.Place);
        json.WriteEndObject();
    }

    private static (string Name, string Value, string From) Row(EffectiveSetting setting) =>
        (setting.Definition.Name, setting.Shown.Length == 0 ? $"({setting.Definition.EmptyMeans})" : setting.Shown, setting.Origin.Place);
}
