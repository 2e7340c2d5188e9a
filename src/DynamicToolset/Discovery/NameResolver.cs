using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Cluster;
using DynamicToolset.Rules;

namespace DynamicToolset.Discovery;

/// <summary>
/// Gives every detected Service a toolset name of its own. Where several want one name the order is: preferred namespaces, found by a
/// rule before named by an annotation, the real product before a compatible one, rule priority: these are the class; then namespace and name.
/// A name stays with the Service that has it, be it down, until one of a higher class answers. Who stands by takes part in nothing.
/// </summary>
/// <param name="PreferredNamespaces">The earlier, the better.</param>
public sealed record NameResolver(RuleSet Rules, ImmutableArray<string> PreferredNamespaces)
{
    /// <summary>The names that all of them would get if they answered.</summary>
    public ImmutableArray<NamedEndpoint> Resolve(IEnumerable<Detection.Matched> detections, Incumbents incumbents) =>
        Resolve([.. detections], static _ => true, incumbents).Endpoints;

    /// <param name="detections">Those that do not answer too: a name that one of them holds is not free.</param>
    public GivenNames Resolve(ImmutableArray<Detection.Matched> detections, Func<Detection.Matched, bool> isHealthy, Incumbents incumbents)
    {
        ImmutableDictionary<ObjectKey, ObjectKey> standingBy = StandIns.StandingBy(detections, isHealthy);
        ILookup<bool, Detection.Matched> byNeed = detections.ToLookup(d => !standingBy.ContainsKey(d.Service.Key));
        GivenNames names = Name(standingBy.IsEmpty ? detections : [.. byNeed[true]], isHealthy, incumbents);
        return names with
        {
            StandingBy = standingBy,
            StandingIn = NamesOf(StandIns.StandingIn(detections, standingBy), names.Holders),
            Resting = [.. byNeed[false].Select(FullName)],
        };
    }

    /// <summary>Who never answered holds none, and is called by the long one that nobody else can have.</summary>
    private static ImmutableDictionary<ObjectKey, ImmutableArray<string>> NamesOf(
        ImmutableDictionary<ObjectKey, ImmutableArray<Detection.Matched>> standingIn, Incumbents holders)
    {
        if (standingIn.IsEmpty)
            return ImmutableDictionary<ObjectKey, ImmutableArray<string>>.Empty;
        IReadOnlyDictionary<ObjectKey, string> held = holders.ByHolder();
        return standingIn.ToImmutableDictionary(
            s => s.Key, s => s.Value.Select(real => held.GetValueOrDefault(real.Service.Key) ?? FullName(real)).ToImmutableArray());
    }

    private GivenNames Name(ImmutableArray<Detection.Matched> detections, Func<Detection.Matched, bool> isHealthy, Incumbents incumbents)
    {
        var naming = new Naming(isHealthy, incumbents);
        ILookup<bool, Detection.Matched> byKind = detections.ToLookup(TakesTypeName);
        // Built-in types take their names first: nobody's free choice of a name can push one of theirs aside.
        Assign(byKind[true], naming);
        Assign(byKind[false], naming);
        ImmutableHashSet<string> contested = [.. detections.Where(d => !IsForbidden(d)).CountBy(d => d.Name).Where(n => n.Value > 1).Select(n => n.Key)];
        return new GivenNames(
            Placed(naming.Named),
            new Incumbents(naming.Holders.ToImmutableSortedDictionary(h => h.Key, h => h.Value.Service.Key, StringComparer.Ordinal)),
            [.. detections.Where(d => !isHealthy(d)).SelectMany(d => (string[])[d.Name, FullName(d)])],
            naming.Holders
                .Where(h => contested.Contains(h.Key) || !naming.Named.ContainsKey(h.Key))
                .ToImmutableSortedDictionary(h => h.Key, h => h.Value.Service.Key, StringComparer.Ordinal));
    }

    /// <summary>Why an endpoint has another name than the one that it asked for; null where it has that one.</summary>
    /// <param name="holderOf">Who has which name.</param>
    public LostName? ExplainLoss(NamedEndpoint loser, IReadOnlyDictionary<string, Detection.Matched> holderOf, Incumbents incumbents)
    {
        Detection.Matched detection = loser.Detection;
        if (loser.Name == detection.Name)
            return null;
        if (IsForbidden(detection))
            return new LostName(detection.Name, null, "it is a built-in name");
        Detection.Matched holder = holderOf[detection.Name];
        return new LostName(detection.Name, holder.Service.Key, ReasonBetween(holder, detection, incumbents), SwapOf(holder, detection));
    }

    private string ReasonBetween(Detection.Matched holder, Detection.Matched loser, Incumbents incumbents)
    {
        if (holder.Name != loser.Name || TakesTypeName(holder) != TakesTypeName(loser))
            return "toolsets named like their type get their names first";
        Standing first = StandingOf(holder), second = StandingOf(loser);
        if (first.Namespace != second.Namespace)
            return "PREFERRED_NAMESPACES puts its namespace first";
        if (first.IsByAnnotation != second.IsByAnnotation)
            return "a rule found it, but only an annotation names this one";
        if (first.IsCompatible != second.IsCompatible)
            return $"it is a {holder.Type}, but this one is only compatible with it";
        if (first.Subordination != second.Subordination)
            return "its rule has the higher priority";
        return incumbents.Holds(holder.Name, holder) ? "it has it already" : "its namespace and name come first";
    }

    /// <summary>
    /// Above all that a rule or an annotation says stands the admin's own order of the namespaces; within one, only taking the other out helps.
    /// </summary>
    private string? SwapOf(Detection.Matched first, Detection.Matched second)
    {
        if (first.Name != second.Name || TakesTypeName(first) != TakesTypeName(second))
            return null;
        string ahead = second.Service.Key.Namespace, behind = first.Service.Key.Namespace;
        if (ahead == behind)
            return $"kubectl annotate service {first.Service.Key.Name} -n {behind} {ToolsetAnnotations.Toolset}=false";
        ImmutableArray<string> others = PreferredNamespaces.Remove(ahead);
        int place = others.IndexOf(behind);
        return $"set PREFERRED_NAMESPACES={string.Join(',', others.Insert(place < 0 ? others.Length : place, ahead))}";
    }

    private void Assign(IEnumerable<Detection.Matched> detections, Naming naming)
    {
        var losers = new List<Detection.Matched>();
        foreach (IGrouping<string, Detection.Matched> rivals in detections.GroupBy(d => d.Name, StringComparer.Ordinal))
        {
            Detection.Matched? winner = naming.IsFree(rivals.Key) ? WinnerOf(rivals, naming) : null;
            if (winner is not null)
                naming.Give(rivals.Key, winner);
            losers.AddRange(rivals.Where(d => d != winner));
        }

        foreach (Detection.Matched keeper in losers.Where(l => !naming.IsHealthy(l)))
        {
            if (FallbackNames(keeper).FirstOrDefault(name => naming.Incumbents.Holds(name, keeper) && naming.IsFree(name)) is { } kept)
                naming.Give(kept, keeper);
        }

        foreach (Detection.Matched loser in Ordered(losers.Where(naming.IsHealthy)).OrderBy(l => !naming.Incumbents.Holds(FullName(l), l)))
            naming.Give(FallbackNames(loser).First(naming.IsFree), loser);
    }

    /// <summary>
    /// The holder, be it down, unless one of a higher class answers; without a holder the first that answers. Null where nobody gets the name.
    /// </summary>
    private Detection.Matched? WinnerOf(IEnumerable<Detection.Matched> rivals, Naming naming)
    {
        ImmutableArray<Detection.Matched> allowed = [.. Ordered(rivals.Where(d => !IsForbidden(d)))];
        Detection.Matched? first = allowed.FirstOrDefault(naming.IsHealthy);
        if (allowed.FirstOrDefault(d => naming.Incumbents.Holds(d.Name, d)) is not { } holder)
            return first;
        return first is not null && StandingOf(first).CompareTo(StandingOf(holder)) < 0 ? first : holder;
    }

    private ImmutableArray<NamedEndpoint> Placed(SortedDictionary<string, Detection.Matched> named)
    {
        ImmutableArray<NamedEndpoint> endpoints = [.. named.Select(n => new NamedEndpoint(n.Key, n.Value))];
        Dictionary<string, int> places = endpoints
            .GroupBy(e => e.Detection.Type, StringComparer.Ordinal)
            .SelectMany(type => type
                .OrderBy(e => e.Name != type.Key)
                .ThenBy(e => StandingOf(e.Detection))
                .ThenBy(e => e.Detection.Service.Key)
                .Select((e, place) => KeyValuePair.Create(e.Name, place)))
            .ToDictionary(StringComparer.Ordinal);
        ILookup<string, Detection.Matched> firstOf = endpoints.Where(e => places[e.Name] == 0).ToLookup(e => e.Detection.Type, e => e.Detection);
        return
        [
            .. endpoints.Select(e => e with
            {
                Place = places[e.Name],
                Swap = places[e.Name] == 0 ? null : SwapOf(firstOf[e.Detection.Type].First(), e.Detection),
            }),
        ];
    }

    /// <summary>It is called so, or would be.</summary>
    internal static bool Asks(Detection.Matched detection, string name) => detection.Name == name || FullName(detection) == name;

    private static string FullName(Detection.Matched detection) => $"{detection.Type}-{detection.Service.Key.Namespace}-{detection.Service.Key.Name}";

    /// <summary>
    /// <c>a-b/c</c> and <c>a/b-c</c> read the same when joined; their hashes differ. The last name is always free: nobody can choose a
    /// name that ends with 64 characters without a dash.
    /// </summary>
    private static ImmutableArray<string> FallbackNames(Detection.Matched detection)
    {
        string full = FullName(detection);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(detection.Service.Key.ToString())));
        return [full, $"{full}-{hash[..8]}", $"{full}-{hash}"];
    }

    private static bool TakesTypeName(Detection.Matched detection) =>
        detection.Name == detection.Type && detection.Type != BuiltInRules.Custom.Name;

    /// <summary>A custom Service that is itself called <c>prometheus</c> does not become the toolset of that name.</summary>
    private bool IsForbidden(Detection.Matched detection) =>
        !TakesTypeName(detection) && ToolsetName.IsReserved(detection.Name, Rules);

    private IOrderedEnumerable<Detection.Matched> Ordered(IEnumerable<Detection.Matched> detections) => detections
        .OrderBy(StandingOf)
        .ThenBy(d => d.Service.Key);

    private Standing StandingOf(Detection.Matched detection) => new(
        NamespaceRank(detection.Service.Key.Namespace),
        detection.Rule is null,
        detection.IsCompatible,
        -detection.Priority);

    private int NamespaceRank(string ns)
    {
        int index = PreferredNamespaces.IndexOf(ns);
        return index < 0 ? int.MaxValue : index;
    }

    /// <summary>The class: the lower, the sooner it gets the name that it asks for. The order of the members is the order of what counts.</summary>
    private readonly record struct Standing(int Namespace, bool IsByAnnotation, bool IsCompatible, int Subordination) : IComparable<Standing>
    {
        public int CompareTo(Standing other) => Ranks.CompareTo(other.Ranks);

        private (int, bool, bool, int) Ranks => (Namespace, IsByAnnotation, IsCompatible, Subordination);
    }

    private sealed class Naming(Func<Detection.Matched, bool> isHealthy, Incumbents incumbents)
    {
        public Incumbents Incumbents => incumbents;

        /// <summary>Those that answer.</summary>
        public SortedDictionary<string, Detection.Matched> Named { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, Detection.Matched> Holders { get; } = new(StringComparer.Ordinal);

        public bool IsHealthy(Detection.Matched detection) => isHealthy(detection);

        public bool IsFree(string name) => !Holders.ContainsKey(name);

        public void Give(string name, Detection.Matched holder)
        {
            Holders.Add(name, holder);
            if (isHealthy(holder))
                Named.Add(name, holder);
        }
    }
}
