using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>Says which rules and settings a command uses, since those of the service may differ.</summary>
/// <param name="MadeWith">What the command uses.</param>
/// <param name="Below">Overrides below the key.</param>
internal sealed record ShownView(Settings Settings, RuleSource Rules, MadeWith MadeWith, OverrideFiles Below)
{
    private const int LongestValue = 60;
    private const int LongestName = 200;
    private const int MostNames = 3;

    /// <summary>Prints on standard error what the command uses, and where the service that wrote the ConfigMap uses something else.</summary>
    public async Task TellAsync(ObjectKey configMap, GenerateInput input)
    {
        string key = input.OverridesFrom is { } from ? $", {ToolsetKey.Overrides} from {from}" : "";
        await Console.Error.WriteLineAsync($"Based on {RulesShown()}{key}{FilesShown()} and {SettingsShown()}.");
        if (DifferenceTo(MadeWith, configMap, input.Present) is { } difference)
            await Console.Error.WriteLineAsync($"warning: {difference}");
    }

    /// <summary>What differs from the service that wrote the ConfigMap; null if nothing does, or it is unknown.</summary>
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
