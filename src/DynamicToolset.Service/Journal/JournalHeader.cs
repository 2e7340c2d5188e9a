using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Journal;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Service.Observability;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Journal;

/// <summary>The first line of a journal: who recorded it, and the settings that decide.</summary>
/// <param name="Program">Its version and commit.</param>
/// <param name="Rules">The fingerprint of its built-in rules.</param>
internal sealed record JournalHeader(string Program, string Rules, Settings Settings, bool HoldsMassRemoval)
{
    private const string Format = "journal";
    private const int LongestVersion = 100;

    private static string ThisProgram => $"{BuildInfo.Current.Version} ({BuildInfo.Current.Commit})";

    /// <summary>Why the same inputs may lead to another decision, for people; null if there is no reason.</summary>
    public string? Difference => (Program == ThisProgram, Rules == BuiltInRules.All.Fingerprint) switch
    {
        (true, true) => null,
        (false, true) => $"recorded by version {Shown}, this is {ThisProgram}",
        _ => $"recorded by version {Shown}, this is {ThisProgram}, which has other built-in rules",
    };

    /// <summary>The file may come from anybody.</summary>
    private string Shown => Program.Length <= LongestVersion && Program.All(c => char.IsAsciiLetterOrDigit(c) || " .+-()".Contains(c, StringComparison.Ordinal))
        ? Program
        : "unknown";

    /// <param name="settings">With the mode of the health checks that is used, which may not be as it was set.</param>
    /// <param name="holdsMassRemoval">See <see cref="RoundOptions.HoldsMassRemoval"/>.</param>
    public static ReadOnlyMemory<byte> Write(Settings settings, bool holdsMassRemoval)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber(Format, JournalWriter.Version);
            json.WriteString("program", ThisProgram);
            json.WriteString("rules", BuiltInRules.All.Fingerprint);
            json.WriteBoolean("holdsMassRemoval", holdsMassRemoval);
            json.WriteStartObject("settings");
            foreach (EffectiveSetting setting in settings.Deciding.Where(s => s.Definition.Name != Mode))
                json.WriteString(setting.Definition.Name, setting.Shown);
            json.WriteString(Mode, settings.HealthCheckMode == HealthCheckMode.ApiServerProxy ? "apiserver-proxy" : "direct");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    private const string Mode = "HEALTH_CHECK_MODE";

    /// <exception cref="FormatException">It is not a journal, or one of another format; the message is for people.</exception>
    public static JournalHeader Read(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty(Format, out JsonElement format) || !format.TryGetInt32(out int version))
            throw new FormatException("this is not a journal: its first line has no \"journal\"");
        if (version != JournalWriter.Version)
        {
            throw new FormatException(
                $"the journal has format {version}, but this version reads format {JournalWriter.Version}: use the version that recorded it");
        }

        Dictionary<string, string> given = line.TryGetProperty("settings", out JsonElement settings) && settings.ValueKind == JsonValueKind.Object
            ? settings.EnumerateObject().Where(s => s.Value.ValueKind == JsonValueKind.String).DistinctBy(s => s.Name)
                .ToDictionary(s => s.Name, s => s.Value.GetString()!)
            : [];
        var reading = SettingsReading.Of(SettingsProfile.Service, ImmutableDictionary<string, string>.Empty, given.GetValueOrDefault, SettingsFile.None);
        if (reading.Settings is not { } read)
            throw new FormatException($"its settings cannot be used: {reading.Problems[0]}");
        bool holds = line.TryGetProperty("holdsMassRemoval", out JsonElement held) && held.ValueKind == JsonValueKind.True;
        return new JournalHeader(TextOf(line, "program"), TextOf(line, "rules"), read, holds);
    }

    private static string TextOf(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String ? found.GetString()! : "";
}
