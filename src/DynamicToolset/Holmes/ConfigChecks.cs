using System.Collections.Immutable;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The config of a toolset: the keys that its kind knows and needs.</summary>
internal static class ConfigChecks
{
    public static void Check(HolmesEntry entry, Findings findings)
    {
        YamlNode? config = entry.Field("config");
        if (config is YamlNode.Mapping values)
            ConfigValueChecks.Check(values, findings);
        if (entry.Kind == EntryKind.Typed)
            CheckTyped(entry, config as YamlNode.Mapping, findings);
        if (entry.Kind != EntryKind.BuiltIn)
            return;
        if (config is not null && ConfigForms.TakesNone(entry.Name))
            findings.Report(HolmesRules.ConfigWithoutEffect, config.Position, entry.Name);
        if (ConfigForms.Of(entry.Name) is { } form && config is null or YamlNode.Mapping)
            CheckForm(entry, form!, config as YamlNode.Mapping, findings);
    }

    private static void CheckForm(HolmesEntry entry, ConfigForm form, YamlNode.Mapping? config, Findings findings)
    {
        if (config is null or { Entries.IsEmpty: true })
        {
            if (!form.IsOptional && Words.Flag(entry.Field("enabled")) != false)
                findings.Report(HolmesRules.MissingConfigKey, entry.NamePosition, form.Required!);
            return;
        }

        CheckKeys(form, config, findings);
        if (config["api_key"] is not null && config["username"] is { } username)
            findings.ReportAbout(HolmesRules.TwoCredentials, username.Position, "config");
        if (findings.Target == HolmesTarget.Current && HolmesEntry.FieldOf(config, "instances") is YamlNode.Sequence instances)
            CheckInstances(form, config, instances, findings);
        else if (!(form.IsRequiredInOlderOnly && findings.Target == HolmesTarget.Current))
            CheckRequired(form, form.Required!, [config], findings);
        CheckItems(form, config, findings);
    }

    private static void CheckKeys(ConfigForm form, YamlNode.Mapping config, Findings findings)
    {
        foreach (YamlEntry entry in config.Entries)
        {
            if (!form.Knows(entry.Key))
                findings.Report(HolmesRules.UnknownConfigKey, entry.KeyPosition, entry.Key);
            if (entry.Key == "instances")
                findings.Report(HolmesRules.InstancesInOlder, entry.KeyPosition, entry.Key);
            if (form.Renamed.TryGetValue(entry.Key, out string? older) && config[older] is null)
                findings.Report(HolmesRules.RenamedConfigKey, entry.KeyPosition, entry.Key);
        }
    }

    private static void CheckInstances(ConfigForm form, YamlNode.Mapping config, YamlNode.Sequence instances, Findings findings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (YamlNode node in instances.Items)
        {
            if (node is not YamlNode.Mapping instance || Words.Text(instance["name"]) is not { } name || !names.Add(name))
            {
                findings.ReportAbout(HolmesRules.InstanceName, node.Position, "config");
                continue;
            }

            CheckRequired(form, form.Required!, [instance, config], findings);
        }
    }

    private static void CheckItems(ConfigForm form, YamlNode.Mapping config, Findings findings)
    {
        if (form.Items is not var (list, required))
            return;
        foreach (string name in form.NamesOf(list, findings.Target))
        {
            foreach (YamlNode.Mapping item in ((config[name] as YamlNode.Sequence)?.Items ?? []).OfType<YamlNode.Mapping>())
                CheckRequired(form, required, [item], findings);
        }
    }

    /// <param name="maps">Where the key may stand; the problem is reported at the first.</param>
    private static void CheckRequired(ConfigForm form, string key, ImmutableArray<YamlNode.Mapping> maps, Findings findings)
    {
        ImmutableArray<string> names = form.NamesOf(key, findings.Target);
        if (!maps.Any(m => names.Any(n => HolmesEntry.FieldOf(m, n) is not null)))
            findings.Report(HolmesRules.MissingConfigKey, maps[0].Position, key);
    }

    private static void CheckTyped(HolmesEntry entry, YamlNode.Mapping? config, Findings findings)
    {
        bool isHttp = HolmesEntry.Type(entry.Body) == "http";
        if (isHttp && !HasHosts(config?["endpoints"]))
            findings.Report(HolmesRules.HttpEndpoints, entry.NamePosition, entry.Name);
        if (!isHttp && (config is null || HolmesEntry.FieldOf(config, "connection_url") is null))
            findings.ReportAbout(HolmesRules.MissingConfigKey, entry.NamePosition, "\"connection_url\"");
    }

    private static bool HasHosts(YamlNode? endpoints) => endpoints is YamlNode.Sequence { Items: [_, ..] items }
        && items.All(i => i is YamlNode.Mapping endpoint && endpoint["hosts"] is YamlNode.Sequence { Items: [_, ..] });
}
