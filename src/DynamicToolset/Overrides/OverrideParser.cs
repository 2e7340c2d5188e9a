using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>
/// Reads <c>overrides.yaml</c>: a map of toolset names to maps with <c>enabled</c>, <c>config</c> and whatever else a reader takes. No problem
/// repeats a word of the text but those that are named here.
/// </summary>
public static class OverrideParser
{
    /// <summary>A longer key could not be written on one line as YAML wants it (at most 1024 characters, escapes included).</summary>
    private const int LongestKey = 128;

    private const string Form = "each with \"enabled\" and \"config\"";

    /// <param name="present">Null where there is no ConfigMap. What stands under <c>binaryData</c> is a mistake and not an absence.</param>
    public static OverrideSet ParseIn(ConfigMapRecord? present) => present?.BinaryData.ContainsKey(ToolsetKey.Overrides) == true
        ? Malformed(new YamlPosition(1, 1), "this stands under binaryData, where it is not read: move it to data, as UTF-8 text")
        : Parse(present?.Data.GetValueOrDefault(ToolsetKey.Overrides));

    /// <param name="text">Null where the key is not there, which is as good as empty.</param>
    public static OverrideSet Parse(string? text)
    {
        if (text is null)
            return OverrideSet.None;
        YamlReading reading = YamlReader.Read(text);
        if (reading.Problem is { } unreadable)
            return Malformed(unreadable);
        return reading.Documents switch
        {
            [] => OverrideSet.None,
            [YamlNode.Mapping root] => ReadRoot(root),
            [YamlNode.Sequence list] => Malformed(list.Position, $"the text must be a map of toolset names, {Form}, and not a list"),
            [var other] => Malformed(other.Position, "the text must be a map of toolset names"),
            [_, var second, ..] => Malformed(second.Position, "a second document: there may be only one"),
        };
    }

    private static OverrideSet ReadRoot(YamlNode.Mapping root)
    {
        foreach (YamlEntry entry in root.Entries)
        {
            if (ProblemWith(entry) is { } problem)
                return Malformed(problem);
        }

        return new OverrideSet(
            root.Entries.ToImmutableSortedDictionary(
                e => e.Key, e => OverrideShorthand.WriteOut(ToolsetValueReader.ReadMap((YamlNode.Mapping)e.Value)), StringComparer.Ordinal),
            Problem: null);
    }

    private static YamlProblem? ProblemWith(YamlEntry entry)
    {
        if (!DnsName.IsLabel(entry.Key, ToolsetName.Longest))
        {
            return new YamlProblem(
                entry.KeyPosition, $"a toolset name is of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most {ToolsetName.Longest} characters");
        }

        if (entry.Key is "tools" or "toolsets" && entry.Value is YamlNode.Sequence)
            return new YamlProblem(entry.KeyPosition, $"a list is not taken here: write a map of toolset names, {Form}");
        if (IsWrapper(entry))
            return new YamlProblem(entry.KeyPosition, "leave this key out: the toolset names stand at the top of the text");
        if (entry.Key == ToolsetName.Overrides)
            return new YamlProblem(entry.KeyPosition, "this name is reserved: choose another one");
        if (entry.Value is not YamlNode.Mapping body)
            return new YamlProblem(entry.Value.Position, "a toolset must be a map with \"enabled\" and \"config\"");
        return ProblemWithBody(body) ?? ProblemWithKeys(body);
    }

    /// <summary>True for all overrides under one key more, as other files have it. A toolset may be called <c>toolsets</c> and have what toolsets have.</summary>
    private static bool IsWrapper(YamlEntry entry) =>
        entry is { Key: ToolsetName.Overrides or "toolsets", Value: YamlNode.Mapping { Entries.IsEmpty: false } body }
        && body.Entries.All(e => e.Key != "config" && e.Value is YamlNode.Mapping);

    private static YamlProblem? ProblemWithBody(YamlNode.Mapping body)
    {
        foreach (YamlEntry entry in body.Entries)
        {
            string? problem = entry.Key switch
            {
                "enabled" when !IsFlag(entry.Value) => "\"enabled\" must be true or false",
                "config" when entry.Value is not YamlNode.Mapping => "\"config\" must be a map",
                "toolset" => "\"toolset\" is the key above and cannot be set",
                "tools" => "an override cannot bring \"tools\": it says where a backend is, with \"enabled\" and \"config\"",
                _ => null,
            };
            if (problem is not null)
                return new YamlProblem(entry.Value.Position, problem);
        }

        return null;
    }

    private static bool IsFlag(YamlNode node) => node is YamlNode.Scalar && ToolsetValueReader.Read(node) is ToolsetValue.Flag;

    private static YamlProblem? ProblemWithKeys(YamlNode node) => node switch
    {
        YamlNode.Mapping mapping => mapping.Entries
            .Select(e => e.Key.Length > LongestKey
                ? new YamlProblem(e.KeyPosition, $"a key may have at most {LongestKey} characters")
                : ProblemWithKeys(e.Value))
            .FirstOrDefault(p => p is not null),
        YamlNode.Sequence sequence => sequence.Items.Select(ProblemWithKeys).FirstOrDefault(p => p is not null),
        _ => null,
    };

    private static OverrideSet Malformed(YamlPosition position, string message) => Malformed(new YamlProblem(position, message));

    private static OverrideSet Malformed(YamlProblem problem) => OverrideSet.None with { Problem = problem };
}
