using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>An MCP server: where it is and how it is spoken to.</summary>
internal static class McpChecks
{
    public static void Check(HolmesEntry entry, Findings findings)
    {
        if (entry.Field("url") is { } outside)
            findings.Report(HolmesRules.McpUrlOutside, outside.Position, entry.Name);
        if (entry.Field("config") is not YamlNode.Mapping config)
        {
            if (entry.Field("url") is null)
                findings.ReportAbout(HolmesRules.MissingConfigKey, entry.NamePosition, "\"url\"");
            return;
        }

        ConfigValueChecks.Check(config, findings);
        string? mode = (HolmesEntry.FieldOf(config, "mode") as YamlNode.Scalar)?.Text;
        if (mode == "stdio" || config["command"] is not null)
            findings.Report(HolmesRules.McpStdio, config.Position, entry.Name);
        else if (HolmesEntry.FieldOf(config, "url") is null && entry.Field("url") is null)
            findings.ReportAbout(HolmesRules.MissingConfigKey, config.Position, "\"url\"");
        CheckMode(entry, config, mode, findings);
    }

    private static void CheckMode(HolmesEntry entry, YamlNode.Mapping config, string? mode, Findings findings)
    {
        if (mode is null)
            findings.Report(HolmesRules.McpModeMissing, config.Position, entry.Name);
        else if (mode is not ("streamable-http" or "sse" or "stdio"))
            findings.Report(HolmesRules.McpMode, config["mode"]!.Position, entry.Name);
    }
}
