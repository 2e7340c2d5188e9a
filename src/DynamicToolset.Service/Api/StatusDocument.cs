using System.Collections.Immutable;

namespace DynamicToolset.Service.Api;

/// <summary>What people look at first when something is wrong.</summary>
/// <param name="AsOf">When what is shown was decided by.</param>
/// <param name="Replica">The pod or host that answers.</param>
/// <param name="Converged">Every endpoint was asked, and the ConfigMap says what it should.</param>
/// <param name="LastPlan">What the last round came to.</param>
/// <param name="Checks">As in /readyz.</param>
/// <param name="Problems">At most 200.</param>
/// <param name="ProblemsTotal">How many there are.</param>
/// <param name="Reload">Who of HolmesGPT was told of the last change.</param>
/// <param name="Names">Who has which toolset name, and who would take it; at most 200.</param>
public sealed record StatusDocument(
    DateTimeOffset AsOf,
    string Version,
    string Commit,
    string Replica,
    LeaderDocument Leader,
    bool Converged,
    PlanDocument LastPlan,
    ImmutableArray<SelfCheckDocument> Checks,
    CountsDocument Counts,
    ConfigMapDocument ConfigMap,
    OverridesDocument Overrides,
    RulesDocument Rules,
    ImmutableArray<NameDocument> Names,
    ImmutableArray<ProblemDocument> Problems,
    int ProblemsTotal,
    ReloadDocument Reload);

/// <param name="Url">That of HOLMES_RELOAD_URL, without a query; null where nobody is told.</param>
/// <param name="Addresses">The last call to each address behind it, by this replica; empty where it has told of no change since its start.</param>
/// <param name="More">Addresses that are too many to be told.</param>
public sealed record ReloadDocument(string? Url, ImmutableArray<ReloadedDocument> Addresses, int More);

/// <param name="Address">Null where the name does not resolve.</param>
/// <param name="Result">One word, as in the metric: ok, credentials, missing, unloadable, status, timeout, dns, blocked, tls, connection, response.</param>
/// <param name="Detail">What went wrong and what to do; null where nothing did.</param>
public sealed record ReloadedDocument(string? Address, DateTimeOffset At, string Result, string? Detail);

/// <param name="Election">False where there is one replica only.</param>
/// <param name="IsLeader">Whether this replica writes.</param>
/// <param name="Holder">Who leads; null where nobody is known to.</param>
public sealed record LeaderDocument(bool Election, bool IsLeader, string? Holder);

/// <param name="Kind">
/// none, create, patch, disown (keys of the admin's are given back), fence (a leader's first act), yield (another has fenced it since) or refuse.
/// </param>
/// <param name="Set">Keys that it writes; at most 200.</param>
/// <param name="Removed">Keys that it takes away; at most 200.</param>
public sealed record PlanDocument(string Kind, ImmutableArray<string> Set, ImmutableArray<string> Removed);

/// <param name="State">ok, warning or failed.</param>
public sealed record SelfCheckDocument(string Name, string State, string? Detail);

/// <param name="Services">Detected ones, by type.</param>
public sealed record CountsDocument(ImmutableSortedDictionary<string, int> Services, int Toolsets, int Healthy, int Unhealthy, int Unknown);

/// <param name="Version">Its resourceVersion; null where there is none.</param>
/// <param name="Bytes">Of its data, keys and values.</param>
/// <param name="Refused">Why nothing is written although something differs.</param>
/// <param name="LeftOut">Toolsets for which it has no room.</param>
public sealed record ConfigMapDocument(
    string Namespace, string Name, string? Version, int Bytes, WriteDocument? LastWrite, string? Refused, ImmutableArray<string> LeftOut);

/// <param name="Drift">What of it undid somebody else's change.</param>
/// <param name="Took">In milliseconds.</param>
public sealed record WriteDocument(
    DateTimeOffset At, string Kind, ImmutableArray<string> Set, ImmutableArray<string> Removed, ImmutableArray<DriftDocument> Drift, int Took);

/// <param name="Kind">missing, modified or extra.</param>
/// <param name="Manager">The field manager that did it; null where the API server keeps no record.</param>
public sealed record DriftDocument(string Key, string Kind, string? Manager);

/// <param name="Valid">Of the key and of all files.</param>
/// <param name="Problem">What is wrong with the present text of the key, with its place; the last good one stays in force.</param>
/// <param name="InForce">Toolset names, of the key and of all files.</param>
/// <param name="Files">Of OVERRIDES_DIR, as this replica sees it, in the order in which they count.</param>
public sealed record OverridesDocument(
    bool Valid, string? Problem, ImmutableArray<string> InForce, ImmutableArray<DormantDocument> Dormant, ImmutableArray<OverrideFileDocument> Files);

/// <param name="Problem">What is wrong with it, with its place; what it said last stays in force.</param>
public sealed record OverrideFileDocument(string File, string? Problem);

/// <param name="Reason">What it waits for.</param>
public sealed record DormantDocument(string Name, string Reason);

/// <param name="Problems">At most 200.</param>
public sealed record RulesDocument(bool Valid, int InForce, ImmutableArray<string> Problems);

/// <param name="Holder">Of the name: namespace/name of a Service.</param>
/// <param name="Healthy">Whether the holder answers; null where that is not known yet.</param>
/// <param name="Behind">Services that asked for the same name, at most 20.</param>
public sealed record NameDocument(string Name, string Holder, bool? Healthy, ImmutableArray<string> Behind);

/// <param name="Kind">For example malformedOverrides.</param>
/// <param name="Service">namespace/name; null where it is about the whole.</param>
/// <param name="Detail">What is wrong and what to do.</param>
public sealed record ProblemDocument(string Kind, string? Service, string Detail);
