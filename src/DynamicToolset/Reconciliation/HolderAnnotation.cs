using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Rules;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// The annotation that says who holds a toolset name where the toolsets alone do not: <c>grafana=team-a/grafana,search=team-b/es</c>, in the order
/// of the names.
/// </summary>
public static class HolderAnnotation
{
    public const string Name = "kubernaut.io/holders";

    /// <summary>
    /// In characters; some 300 names. All annotations of an object together may have 256 KiB, and whoever may create Services chooses how many
    /// names there are. Beyond it a name that several want may change hands by a restart while its holder is down.
    /// </summary>
    public const int Longest = 16 * 1024;

    /// <summary>Null where there is nothing to say. Where there is too much, the names of types stay, and then those that come first.</summary>
    public static string? Write(ImmutableSortedDictionary<string, ObjectKey> holders, RuleSet rules)
    {
        int length = 0;
        IEnumerable<string> entries = holders
            .Select(h => (IsType: rules.FindType(h.Key) is not null, Text: $"{h.Key}={h.Value}"))
            .OrderByDescending(h => h.IsType)
            .TakeWhile(h => (length += h.Text.Length + 1) <= Longest)
            .Select(h => h.Text)
            .Order(StringComparer.Ordinal);
        string text = string.Join(',', entries);
        return text.Length > 0 ? text : null;
    }

    /// <summary>What cannot be understood is passed over: it is written anew with the next change.</summary>
    public static IEnumerable<KeyValuePair<string, ObjectKey>> Read(string? text) => text is null || text.Length > Longest
        ? []
        : text.Split(',').Select(entry => entry.Split('=', '/')).Where(IsHolder).Select(p => KeyValuePair.Create(p[0], new ObjectKey(p[1], p[2])));

    private static bool IsHolder(string[] parts) =>
        parts is [var name, var ns, var service] && DnsName.IsLabel(name, ToolsetName.Longest) && DnsName.IsLabel(ns) && DnsName.IsLabel(service);
}
