using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>Whose view a command shows: it goes by rules and settings of its own, and the service may go by others.</summary>
/// <param name="MadeWith">What it goes by.</param>
/// <param name="Below">Overrides below the key.</param>
internal sealed record ShownView(Settings Settings, RuleSource Rules, MadeWith MadeWith, OverrideFiles Below)
{
    private const int LongestValue = 60;
    private const int LongestName = 200;
    private const int MostNames = 3;

    /// <summary>Tells on standard error what it goes by, and where the service that wrote the ConfigMap goes by something else.</summary>
    public async Task TellAsync(ObjectKey configMap, GenerateInput input)
    {
        string key = input.OverridesFrom is { } from ? $", {ToolsetKey.Overrides} from {from}" : "";
        await Console.Error.WriteLineAsync($"Seen with {RulesShown()}{key}{FilesShown()} and {SettingsShown()}.");
        if (DifferenceTo(MadeWith, configMap, input.Present) is { } difference)
            await Console.Error.WriteLineAsync($"warning: {difference}");
    }

    /// <summary>Where the service that wrote the ConfigMap goes by something else; null where it does not, or nothing is known of it.</summary>
    public static string? DifferenceTo(MadeWith own, ObjectKey configMap, ConfigMapRecord? present)
    {
        if (present?.Annotations.GetValueOrDefault(DesiredConfigMap.MadeWithAnnotation) is not { } theirs)
            return null;
        string[] others = [.. own.DifferencesTo(MadeWith.Parse(theirs))];
        return others.Length == 0
            ? null
            : $"the service that wrote {configMap} uses other {string.Join(", ", others)}: it may do something else than shown here";
    }

    private string RulesShown() => Rules.FilesAtTheStart == 0
        ? "the built-in rules"
        : $"the built-in rules and {Count(Rules.FilesAtTheStart, "file")} of {QuotedText.OrPlain(Settings.DetectorsDir)} (DETECTORS_DIR)";

    private string FilesShown()
    {
        if (Below.Files.IsEmpty)
            return "";
        string names = string.Join(", ", Below.Files.Take(MostNames).Select(f => QuotedText.OrPlainUpTo(LongestName, f.Path)));
        return $", {Count(Below.Files.Length, "file")} of overrides below {ToolsetKey.Overrides} ({names}{(Below.Files.Length > MostNames ? ", …" : "")})";
    }

    private string SettingsShown()
    {
        string[] given = [.. Settings.Deciding.Select(s => $"{s.Definition.Name}={QuotedText.OrPlainUpTo(LongestValue, s.Shown)}")];
        return given.Length == 0 ? "the default settings" : $"the settings {string.Join(", ", given)}";
    }

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
