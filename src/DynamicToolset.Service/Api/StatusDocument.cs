using System.Collections.Immutable;

namespace DynamicToolset.Service.Api;

/// <summary>The state of the service, the first thing to look at when something is wrong.</summary>
/// <param name="AsOf">Time of the last round, which the answer shows.</param>
/// <param name="Replica">The pod or host that answers.</param>
/// <param name="Converged">Every endpoint was checked, and the ConfigMap is up to date.</param>
/// <param name="LastPlan">Result of the last round.</param>
/// <param name="Checks">As in /readyz.</param>
/// <param name="Problems">At most 200.</param>
/// <param name="ProblemsTotal">Total number.</param>
/// <param name="Reload">Which addresses of HolmesGPT were told of the last change.</param>
/// <param name="Names">Which Service holds which toolset name, and which ones come next; at most 200.</param>
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

/// <param name="Url">The value of HOLMES_RELOAD_URL without a query; null if it is not set.</param>
/// <param name="Addresses">The last call to each of its addresses, by this replica; empty before the first change since its start.</param>
/// <param name="More">Number of addresses that are not called because there are too many.</param>
public sealed record ReloadDocument(string? Url, ImmutableArray<ReloadedDocument> Addresses, int More);

/// <param name="Address">Null if the name does not resolve.</param>
/// <param name="Result">One word, as in the metric: ok, credentials, missing, unloadable, status, timeout, dns, blocked, tls, connection, response.</param>
/// <param name="Detail">What went wrong and what to do; null if nothing did.</param>
public sealed record ReloadedDocument(string? Address, DateTimeOffset At, string Result, string? Detail);

/// <param name="Election">False without leader election.</param>
/// <param name="IsLeader">Whether this replica writes.</param>
/// <param name="Holder">The leader; null if none is known.</param>
public sealed record LeaderDocument(bool Election, bool IsLeader, string? Holder);

/// <param name="Kind">
/// none, create, patch, disown (give up ownership of the admin's keys), fence (first write of a leader), yield (another leader has fenced it since) or refuse.
/// </param>
/// <param name="Set">Keys that it writes; at most 200.</param>
/// <param name="Removed">Keys that it removes; at most 200.</param>
public sealed record PlanDocument(string Kind, ImmutableArray<string> Set, ImmutableArray<string> Removed);

/// <param name="State">ok, warning or failed.</param>
public sealed record SelfCheckDocument(string Name, string State, string? Detail);

/// <param name="Services">Detected Services by type.</param>
public sealed record CountsDocument(ImmutableSortedDictionary<string, int> Services, int Toolsets, int Healthy, int Unhealthy, int Unknown);

/// <param name="Version">Its resourceVersion; null if there is none.</param>
/// <param name="Bytes">Size of its data, keys and values, in bytes.</param>
/// <param name="Refused">Why a needed change is not written.</param>
/// <param name="LeftOut">Toolsets that do not fit into it.</param>
public sealed record ConfigMapDocument(
    string Namespace, string Name, string? Version, int Bytes, WriteDocument? LastWrite, string? Refused, ImmutableArray<string> LeftOut);

/// <param name="Drift">The changes of others that it repaired.</param>
/// <param name="Took">In milliseconds.</param>
public sealed record WriteDocument(
    DateTimeOffset At, string Kind, ImmutableArray<string> Set, ImmutableArray<string> Removed, ImmutableArray<DriftDocument> Drift, int Took);

/// <param name="Kind">missing, modified or extra.</param>
/// <param name="Manager">The field manager that did it; null if the API server did not record it.</param>
public sealed record DriftDocument(string Key, string Kind, string? Manager);

/// <param name="Valid">Of the key and of all files.</param>
/// <param name="Problem">The error in the key's present text, with its place; the last good text stays in force.</param>
/// <param name="InForce">Toolset names, of the key and of all files.</param>
/// <param name="Files">The files of OVERRIDES_DIR as this replica sees them, in the order in which they are merged.</param>
public sealed record OverridesDocument(
    bool Valid, string? Problem, ImmutableArray<string> InForce, ImmutableArray<DormantDocument> Dormant, ImmutableArray<OverrideFileDocument> Files);

/// <param name="Problem">The error in it, with its place; its last good content stays in force.</param>
public sealed record OverrideFileDocument(string File, string? Problem);

/// <param name="Reason">Until when it is ignored.</param>
public sealed record DormantDocument(string Name, string Reason);

/// <param name="Problems">At most 200.</param>
public sealed record RulesDocument(bool Valid, int InForce, ImmutableArray<string> Problems);

/// <param name="Holder">The Service that holds the name, as namespace/name.</param>
/// <param name="Healthy">Whether the holder is healthy; null if not known yet.</param>
/// <param name="Behind">Services that asked for the same name, at most 20.</param>
public sealed record NameDocument(string Name, string Holder, bool? Healthy, ImmutableArray<string> Behind);

/// <param name="Kind">For example malformedOverrides.</param>
/// <param name="Service">namespace/name; null if it is about no single Service.</param>
/// <param name="Detail">What is wrong and what to do.</param>
public sealed record ProblemDocument(string Kind, string? Service, string Detail);
