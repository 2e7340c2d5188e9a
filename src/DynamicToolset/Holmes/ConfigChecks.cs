using System.Collections.Immutable;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The config of an entry, which is looked at when the entry is checked, and so only where it is on.</summary>
internal static class ConfigChecks
{
    public static void Check(HolmesEntry entry, Findings findings)
    {
        YamlNode? config = entry.Field("config");
        if (config is YamlNode.Mapping values)
            ConfigValueChecks.Check(values, findings);
        if (entry.Kind == EntryKind.BuiltIn && config is not null && BuiltInToolsets.TakesNoConfig(entry.Name))
            findings.Report(HolmesRules.ConfigWithoutEffect, config.Position, entry.Name);
        // That one may have all in HolmesGPT's environment.
        bool isElsewhere = config is null && entry.Name == "rabbitmq/core";
        if (entry.IsOff || isElsewhere || ConfigForms.Of(entry) is not { } form)
            return;
        if (config is not (null or YamlNode.Mapping))
            findings.Report(new Misfit(config.Position, "config", "a map of settings"), HolmesRules.ConfigType);
        else
            CheckForm(entry, form, (config as YamlNode.Mapping) ?? new YamlNode.Mapping([], entry.NamePosition), findings);
    }

    private static void CheckForm(HolmesEntry entry, Form form, YamlNode.Mapping config, Findings findings)
    {
        if (entry.Kind == EntryKind.Mcp)
            config = CheckServer(entry, config, findings);
        foreach (YamlEntry setting in config.Entries)
            CheckKey(entry, form, config, setting, findings);
        IEnumerable<Misfit> misfits = entry.Release == HolmesRelease.Newer && form.Knows("instances", HolmesRelease.Newer) && IsFilled(config["instances"])
            ? InInstances(form, config)
            : form.MisfitsIn(config, entry.Release);
        foreach (Misfit misfit in misfits)
            findings.Report(misfit, misfit.IsMissing ? HolmesRules.MissingConfigKey : HolmesRules.ConfigType);
    }

    private static void CheckKey(HolmesEntry entry, Form form, YamlNode.Mapping config, YamlEntry setting, Findings findings)
    {
        if (setting.Key == "instances" && form.Knows("instances", HolmesRelease.Newer))
            findings.Report(HolmesRules.InstancesInOlder, setting.KeyPosition, setting.Key);
        else if (!form.Knows(setting.Key))
            findings.Report(HolmesRules.UnknownConfigKey, setting.KeyPosition, setting.Key);
        else if (entry.Release == HolmesRelease.Older && form.Renamed.TryGetValue(setting.Key, out string? older) && config[older] is null)
            findings.Report(HolmesRules.RenamedConfigKey, setting.KeyPosition, setting.Key);
    }

    /// <summary>The config together with the URL next to it.</summary>
    private static YamlNode.Mapping CheckServer(HolmesEntry entry, YamlNode.Mapping config, Findings findings)
    {
        if (config["mode"] is YamlNode.Scalar { Text: "stdio" } || config["command"] is not null)
            findings.Report(HolmesRules.McpStdio, config.Position, entry.Name);
        else if (config["mode"] is null)
            findings.Report(HolmesRules.McpModeMissing, config.Position, entry.Name);
        return config["url"] is null && entry.Field("url") is { } url
            ? new YamlNode.Mapping(config.Entries.Add(new YamlEntry("url", url.Position, url)), config.Position)
            : config;
    }

    private static bool IsFilled(YamlNode? node) => node is not (null or YamlNode.Sequence { Items: [] } or YamlNode.Mapping { Entries: [] })
        && !PythonScalar.IsNull(node) && PythonScalar.Flag(node) != false;

    /// <summary>Each has a config of its own over what stands beside them. One that is fit is enough, if all are maps with names of their own.</summary>
    private static IEnumerable<Misfit> InInstances(Form form, YamlNode.Mapping config)
    {
        ImmutableArray<YamlNode> instances = (config["instances"] as YamlNode.Sequence)?.Items ?? [];
        ImmutableArray<YamlNode.Mapping> maps = [.. instances.OfType<YamlNode.Mapping>()];
        if (maps.IsEmpty || maps.Length < instances.Length || maps.Select(NameOf).Distinct().Count() < maps.Length)
            return [new Misfit(config["instances"]!.Position, "instances", "a list of maps, each with a name of its own")];
        // No others: of many beside many instances each would be looked at with each.
        ImmutableArray<YamlEntry> shared = [.. config.Entries.Where(e => form.Knows(e.Key, HolmesRelease.Newer))];
        ImmutableArray<List<Misfit>> misfits = [.. maps.Select(i => form.MisfitsIn(Over(shared, i), HolmesRelease.Newer).ToList())];
        return misfits.Any(m => m.Count == 0) ? [] : misfits.SelectMany(m => m);
    }

    private static string NameOf(YamlNode.Mapping instance, int index) =>
        instance["name"] is YamlNode.Scalar { IsNull: false, Text: not "" } name ? name.Text : $"instance-{index}";

    private static YamlNode.Mapping Over(ImmutableArray<YamlEntry> shared, YamlNode.Mapping instance) =>
        new([.. instance.Entries, .. shared.Where(s => instance[s.Key] is null)], instance.Position);
}
