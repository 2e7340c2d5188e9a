using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>
/// Gives every detected Service a toolset name of its own. Where several want one name the order is: preferred namespaces, found by a
/// rule before named by an annotation, the real product before a compatible one, rule priority, the incumbent, then namespace and name.
/// </summary>
/// <param name="PreferredNamespaces">The earlier, the better.</param>
public sealed record NameResolver(RuleSet Rules, ImmutableArray<string> PreferredNamespaces)
{
    /// <summary>The result is in the order of the names.</summary>
    public ImmutableArray<NamedEndpoint> Resolve(IEnumerable<Detection.Matched> detections, Incumbents incumbents)
    {
        var named = new SortedDictionary<string, Detection.Matched>(StringComparer.Ordinal);
        ILookup<bool, Detection.Matched> byKind = detections.ToLookup(TakesTypeName);
        // Built-in types take their names first: nobody's free choice of a name can push one of theirs aside.
        Assign(byKind[true], incumbents, named);
        Assign(byKind[false], incumbents, named);
        return [.. named.Select(n => new NamedEndpoint(n.Key, n.Value))];
    }

    /// <summary>Why an endpoint has another name than the one that it asked for; null where it has that one.</summary>
    /// <param name="holderOf">The outcome of <see cref="Resolve"/>, by name.</param>
    public LostName? ExplainLoss(NamedEndpoint loser, IReadOnlyDictionary<string, Detection.Matched> holderOf, Incumbents incumbents)
    {
        Detection.Matched detection = loser.Detection;
        if (loser.Name == detection.Name)
            return null;
        if (IsForbidden(detection))
            return new LostName(detection.Name, null, "it is a built-in name");
        Detection.Matched holder = holderOf[detection.Name];
        return new LostName(detection.Name, holder.Service.Key, ReasonBetween(holder, detection, incumbents));
    }

    private string ReasonBetween(Detection.Matched holder, Detection.Matched loser, Incumbents incumbents)
    {
        if (holder.Name != loser.Name || TakesTypeName(holder) != TakesTypeName(loser))
            return "toolsets that are called after their type take their names first";
        Standing first = StandingOf(holder, incumbents), second = StandingOf(loser, incumbents);
        if (first.Namespace != second.Namespace)
            return "PREFERRED_NAMESPACES puts its namespace first";
        if (first.IsByAnnotation != second.IsByAnnotation)
            return "a rule finds it, and only an annotation names this one";
        if (first.IsCompatible != second.IsCompatible)
            return $"it is a {holder.Type}, and this one only compatible with it";
        if (first.Subordination != second.Subordination)
            return "its rule has the higher priority";
        return first.IsChallenger != second.IsChallenger ? "it has it already" : "its namespace and name come first";
    }

    private void Assign(IEnumerable<Detection.Matched> detections, Incumbents incumbents, SortedDictionary<string, Detection.Matched> named)
    {
        var losers = new List<Detection.Matched>();
        foreach (Detection.Matched detection in Ordered(detections, incumbents))
        {
            if (IsForbidden(detection) || !named.TryAdd(detection.Name, detection))
                losers.Add(detection);
        }

        foreach (Detection.Matched loser in losers.OrderBy(l => !incumbents.Holds(FallbackNames(l)[0], l)))
            named.Add(FallbackNames(loser).First(name => !named.ContainsKey(name)), loser);
    }

    /// <summary>
    /// <c>a-b/c</c> and <c>a/b-c</c> read the same when joined; their hashes differ. The last name is always free: nobody can choose a
    /// name that ends with 64 characters without a dash.
    /// </summary>
    private static ImmutableArray<string> FallbackNames(Detection.Matched detection)
    {
        ObjectKey service = detection.Service.Key;
        string full = $"{detection.Type}-{service.Namespace}-{service.Name}";
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(service.ToString())));
        return [full, $"{full}-{hash[..8]}", $"{full}-{hash}"];
    }

    private static bool TakesTypeName(Detection.Matched detection) =>
        detection.Name == detection.Type && detection.Type != BuiltInRules.Custom.Name;

    /// <summary>A custom Service that is itself called <c>prometheus</c> does not become the toolset of that name.</summary>
    private bool IsForbidden(Detection.Matched detection) =>
        !TakesTypeName(detection) && ToolsetName.IsReserved(detection.Name, Rules);

    private IOrderedEnumerable<Detection.Matched> Ordered(IEnumerable<Detection.Matched> detections, Incumbents incumbents) => detections
        .OrderBy(d => StandingOf(d, incumbents))
        .ThenBy(d => d.Service.Key);

    private Standing StandingOf(Detection.Matched detection, Incumbents incumbents) => new(
        NamespaceRank(detection.Service.Key.Namespace),
        detection.Rule is null,
        detection.IsCompatible,
        -detection.Priority,
        !incumbents.Holds(detection.Name, detection));

    private int NamespaceRank(string ns)
    {
        int index = PreferredNamespaces.IndexOf(ns);
        return index < 0 ? int.MaxValue : index;
    }

    /// <summary>The lower, the sooner it gets the name that it asks for. The order of the members is the order of what counts.</summary>
    private readonly record struct Standing(int Namespace, bool IsByAnnotation, bool IsCompatible, int Subordination, bool IsChallenger)
        : IComparable<Standing>
    {
        public int CompareTo(Standing other) => Ranks.CompareTo(other.Ranks);

        private (int, bool, bool, int, bool) Ranks => (Namespace, IsByAnnotation, IsCompatible, Subordination, IsChallenger);
    }
}
