using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
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
    /// <summary>In all files of OVERRIDES_DIR together: as many as the key may have.</summary>
    public static Bound Nodes { get; } = YamlReader.Bounded("all files of `OVERRIDES_DIR`", YamlReader.Nodes.Most);

    /// <summary>Most problems reported for one text. Fixing these shows the others.</summary>
    private const int MostTold = 100;

    private const string WholeObject = "this is a whole Kubernetes object: only the text under its key overrides.yaml belongs here";

    private const string Form = "each with \"enabled\" and \"config\"";

    /// <param name="present">Null if there is no ConfigMap. Text under <c>binaryData</c> is an error, not a missing text.</param>
    public static OverrideSet ParseIn(ConfigMapRecord? present) => present?.BinaryData.ContainsKey(ToolsetKey.Overrides) == true
        ? Malformed(new YamlPosition(1, 1), "this is under binaryData, where it is not read: move it to data, as UTF-8 text")
        : Parse(present?.Data.GetValueOrDefault(ToolsetKey.Overrides));

    /// <param name="text">Null where the key is not there, which is as good as empty.</param>
    public static OverrideSet Parse(string? text)
    {
        if (text is null)
            return OverrideSet.None;
        return Parse(text, new NodeCounter(YamlReader.Nodes));
    }

    /// <summary>One of several texts, whose nodes count together.</summary>
    public static OverrideSet Parse(string text, NodeCounter nodes)
    {
        YamlReading reading = YamlReader.Read(text, nodes);
        if (reading.Problem is { } unreadable)
            return Malformed(unreadable with { Message = unreadable.Message + YamlTemplate.HintAt(text, unreadable.Position) });
        return reading.Documents switch
        {
            [] => OverrideSet.None,
            [YamlNode.Mapping root] => ReadRoot(root, text),
            [YamlNode.Sequence list] => Malformed(list.Position, $"the text must be a map of toolset names, {Form}, and not a list"),
            [var other] => Malformed(other.Position, "the text must be a map of toolset names"),
            [_, var second, ..] => Malformed(second.Position, "a second document: there may be only one"),
        };
    }

    private static OverrideSet ReadRoot(YamlNode.Mapping root, string text)
    {
        if (root["kind"] is YamlNode.Scalar && root["apiVersion"] is YamlNode.Scalar)
            return Malformed(root.Position, WholeObject);
        var entries = ImmutableSortedDictionary.CreateBuilder<string, ToolsetValue.Map>(StringComparer.Ordinal);
        var problems = new List<YamlProblem>();
        foreach (YamlEntry entry in root.Entries)
        {
            if (ProblemWithAll(entry) is { } problemWithAll)
                return Malformed(new YamlProblem(entry.KeyPosition, problemWithAll));
            if (ProblemWithName(entry) is { } problem)
                problems.Add(problem);
            else if (Read(entry.Value, problems) is { } body)
                entries.Add(entry.Key, OverrideShorthand.WriteOut(body));
        }

        if (problems.Count > 0)
            return Malformed([.. problems.Take(MostTold).Select(p => p with { Message = p.Message + YamlTemplate.HintAt(text, p.Position) })]);
        return new OverrideSet(entries.ToImmutable(), Problem: null) { Slips = [.. OverrideHints.SlipsIn(root).Take(MostTold)] };
    }

    /// <summary>Null where there is a problem, which is added in the order of the text.</summary>
    private static ToolsetValue.Map? Read(YamlNode node, List<YamlProblem> problems)
    {
        var inIt = new List<YamlProblem>();
        OverrideGrammar.For(node).TryRead(node, "a toolset", (at, message) => inIt.Add(new YamlProblem(at, message)), out ToolsetValue.Map? body);
        problems.AddRange(inIt.OrderBy(p => p.Position.Line).ThenBy(p => p.Position.Column));
        return inIt.Count == 0 ? body : null;
    }

    /// <summary>What shows that the text is something else altogether, so that nothing more need be said of it.</summary>
    private static string? ProblemWithAll(YamlEntry entry) => entry switch
    {
        { Key: "toolset", Value: YamlNode.Scalar } =>
            "this is one toolset as the service writes it: put what stands beside this key under the toolset's name, as in name: {enabled: false}",
        { Key: "data", Value: YamlNode.Mapping data } when data[ToolsetKey.Overrides] is not null => WholeObject,
        _ => null,
    };

    private static YamlProblem? ProblemWithName(YamlEntry entry)
    {
        if (!DnsName.IsLabel(entry.Key, ToolsetName.Longest))
        {
            return new YamlProblem(
                entry.KeyPosition, $"a toolset name is of the form [a-z0-9]([-a-z0-9]*[a-z0-9])? with at most {ToolsetName.Longest} characters{OverrideHints.ForName(entry.Key)}");
        }

        if (entry.Value is YamlNode.Scalar && OverrideGrammar.BesideConfig.Any(f => f.Name == entry.Key))
            return new YamlProblem(entry.KeyPosition, "this belongs under the name of a toolset, as in name: {enabled: false}");

        if (entry.Key is "tools" or "toolsets" && entry.Value is YamlNode.Sequence)
            return new YamlProblem(entry.KeyPosition, $"a list is not allowed here: write a map of toolset names, {Form}");
        if (IsWrapper(entry))
            return new YamlProblem(entry.KeyPosition, "remove this key: the toolset names must be at the top level");
        return entry.Key == ToolsetName.Overrides ? new YamlProblem(entry.KeyPosition, "this name is reserved: choose another one") : null;
    }

    /// <summary>
    /// True for all overrides under one key more, as other files have it. A toolset may be called <c>toolsets</c> and have what toolsets have.
    /// </summary>
    private static bool IsWrapper(YamlEntry entry) =>
        entry is { Key: ToolsetName.Overrides or "toolsets", Value: YamlNode.Mapping { Entries.IsEmpty: false } body }
        && body.Entries.All(e => e.Key != "config" && e.Value is YamlNode.Mapping);

    private static OverrideSet Malformed(YamlPosition position, string message) => Malformed(new YamlProblem(position, message));

    private static OverrideSet Malformed(params ImmutableArray<YamlProblem> problems) =>
        OverrideSet.None with { Problem = problems[0], OtherProblems = problems[1..] };
}
