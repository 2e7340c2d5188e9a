using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;

namespace DynamicToolset.Journal;

/// <summary>A decision in the words in which a journal keeps it. Two are equal if the same was decided, whatever the texts are.</summary>
/// <param name="Plan">What would make the ConfigMap right, as <see cref="ConfigMapPlan.Word"/>.</param>
/// <param name="Step">The part of it that was done.</param>
/// <param name="Set">Keys that the step writes.</param>
/// <param name="Removed">Keys that it takes away.</param>
/// <param name="Drift">What the plan undoes: <c>modified grafana-toolset.yaml by kubectl-edit</c>.</param>
/// <param name="Refusal">The <see cref="RefuseReason"/> for which nothing is written; null if there is none.</param>
/// <param name="WaitsUntil">When the same inputs lead to another decision; null if they never do.</param>
/// <param name="Verdicts">What was found for each Service that a rule or an annotation picked, by its key.</param>
/// <param name="Problems">All problems, each with its kind. None has a size in it, since placeholders have another one.</param>
public sealed record RoundSummary(
    string Plan,
    string Step,
    ImmutableArray<string> Set,
    ImmutableArray<string> Removed,
    ImmutableArray<string> Drift,
    string? Refusal,
    TimeSpan? WaitsUntil,
    ImmutableSortedDictionary<string, string?> Verdicts,
    ImmutableSortedDictionary<string, string?> Problems)
{
    private static readonly ImmutableSortedDictionary<string, string?> NoPairs = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);

    private const string Skipped = "skipped";

    public static RoundSummary None { get; } = new("none", "none", [], [], [], null, null, NoPairs, NoPairs);

    /// <summary>Nothing is written, and nothing waits.</summary>
    public bool IsQuiet => Plan == None.Plan && Step == None.Step && WaitsUntil is null;

    public static RoundSummary Of(Decision decision)
    {
        ControllerState state = decision.State;
        Dictionary<ObjectKey, string> names = state.Result.Endpoints.ToDictionary(e => e.Detection.Service.Key, e => e.Name);
        HashSet<string> leftOut = [.. state.Result.LeftOut.Select(t => t.Name)];
        return new RoundSummary(
            decision.Plan.Word,
            decision.Step.Word,
            [.. decision.Step.KeysSet.Order(StringComparer.Ordinal)],
            [.. decision.Step.KeysRemoved.Order(StringComparer.Ordinal)],
            [.. decision.Drift.Select(Describe).Order(StringComparer.Ordinal)],
            (decision.Plan as ConfigMapPlan.Refuse)?.Reason.ToString(),
            decision.LookAgainAt,
            NoPairs.SetItems(state.Detected.All.Select(d => KeyValuePair.Create($"{d.Service.Key}", (string?)VerdictOf(d, PlaceOf)))),
            NoPairs.SetItems(Rounds.Problems.Of(state).Select(p => KeyValuePair.Create(Describe(p), (string?)""))));

        string PlaceOf(Detection.Matched match)
        {
            string health = HealthOf(state.Health.Checks.Find(match.EndpointKey));
            if (names.TryGetValue(match.Service.Key, out string? name))
                return $"{health}: toolset {name}{(leftOut.Contains(name) ? ", which does not fit into the ConfigMap" : "")}";
            bool standsBy = state.Result.Names.StandingBy.TryGetValue(match.Service.Key, out ObjectKey real);
            return standsBy ? $"{health}: stands by for {real}" : $"{health}: no toolset";
        }
    }

    /// <summary>What is other than before, a null for what is gone.</summary>
    public static ImmutableSortedDictionary<string, string?> Changes(
        ImmutableSortedDictionary<string, string?> before, ImmutableSortedDictionary<string, string?> now) => NoPairs
        .SetItems(before.Keys.Where(k => !now.ContainsKey(k)).Select(k => KeyValuePair.Create(k, (string?)null)))
        .SetItems(now.Where(p => before.GetValueOrDefault(p.Key) != p.Value));

    /// <summary>The form: verdicts and problems as what is other than in the decision before.</summary>
    internal static Shape<RoundSummary> After(RoundSummary before) => (pen, value) => new RoundSummary(
        pen.Text("plan", value?.Plan) ?? None.Plan,
        pen.Text("step", value?.Step) ?? None.Step,
        pen.Texts("set", value?.Set),
        pen.Texts("removed", value?.Removed),
        pen.Texts("drift", value?.Drift),
        pen.Text("refusal", value?.Refusal),
        pen.Elapsed("waitsUntil", value?.WaitsUntil),
        With(before.Verdicts, pen.Pairs("verdicts", value is null ? null : Changes(before.Verdicts, value.Verdicts))),
        With(before.Problems, pen.Pairs("problems", value is null ? null : Changes(before.Problems, value.Problems))));

    public bool Equals(RoundSummary? other) => other is not null && DifferencesTo(other).IsEmpty;

    public override int GetHashCode() => HashCode.Combine(Plan, Step, Set.Length);

    /// <summary>One line for each difference, with what the other decision has first.</summary>
    /// <param name="areWordsCompared">False for another version of the program, which may say the same in other words.</param>
    public ImmutableArray<string> DifferencesTo(RoundSummary other, bool areWordsCompared = true) =>
        areWordsCompared ? Differences(this, other) : Differences(WithoutWords, other.WithoutWords);

    /// <summary>Of a problem its kind, of a malformed annotation that it is one.</summary>
    private RoundSummary WithoutWords => this with
    {
        Problems = NoPairs.SetItems(Problems.Keys.Select(p => KeyValuePair.Create(p.Split(':')[0], (string?)""))),
        Verdicts = NoPairs.SetItems(Verdicts.Select(v => KeyValuePair.Create(v.Key, IsSkipped(v.Value) ? Skipped : v.Value))),
    };

    private static bool IsSkipped(string? verdict) => verdict?.StartsWith(Skipped, StringComparison.Ordinal) == true;

    private static ImmutableArray<string> Differences(RoundSummary one, RoundSummary other) =>
    [
        .. one.Parts.Zip(other.Parts).Where(p => p.First.Text != p.Second.Text)
            .Select(p => $"{p.First.Name}: {Named(p.Second.Text)} instead of {Named(p.First.Text)}"),
        .. Changes(one.Verdicts, other.Verdicts)
            .Select(v => $"{v.Key}: {Named(v.Value)} instead of {Named(one.Verdicts.GetValueOrDefault(v.Key))}"),
        .. Changes(one.Problems, other.Problems).Select(p => $"{(p.Value is null ? "no longer" : "new")}: {p.Key}"),
    ];

    private static string Named(string? text) => text is null or "" ? "nothing" : text;

    private (string Name, string Text)[] Parts =>
    [
        ("plan", Plan),
        ("step", Step),
        ("set", string.Join(", ", Set)),
        ("removed", string.Join(", ", Removed)),
        ("drift", string.Join(", ", Drift)),
        ("refusal", Refusal ?? ""),
        ("waits until", $"{WaitsUntil}"),
    ];

    private static ImmutableSortedDictionary<string, string?> With(
        ImmutableSortedDictionary<string, string?> before, ImmutableSortedDictionary<string, string?> changes) =>
        before.SetItems(changes.Where(c => c.Value is not null)).RemoveRange(changes.Where(c => c.Value is null).Select(c => c.Key));

    private static string Describe(Problem problem) => problem.Kind == ProblemKind.ConfigMapTooLarge
        ? $"{problem.Kind}"
        : $"{problem.Kind}: {(problem.Service is { } key ? $"{key}: " : "")}{problem.Detail}";

    private static string Describe(Drift drift) =>
        $"{drift.Kind.ToString().ToLowerInvariant()} {drift.Key}{(drift.Manager is { } manager ? $" by {manager}" : "")}";

    private static string VerdictOf(Detection detection, Func<Detection.Matched, string> placeOf) => detection switch
    {
        Detection.Matched match => $"{match.Type} at {match.Endpoint}, {placeOf(match)}",
        Detection.Twin twin => $"another name of {twin.Of}",
        Detection.Contradicted { Match: var match, Identity: var identity } => $"found as {match.Type}, but answers as {identity}",
        Detection.OptedOut => "opted out by its annotation",
        Detection.Rejected rejected => $"{Skipped}: {rejected.Problem}",
        _ => "no rule matches",
    };

    private static string HealthOf(HealthState? state) => state switch
    {
        { Obstacle: not null } => "cannot be checked",
        null or { Status: HealthStatus.Unknown } => "not checked yet",
        { Last: null } => "assumed healthy",
        { Status: HealthStatus.Healthy } => "healthy",
        { Last: var last } => $"unhealthy ({last.Reason})",
    };
}
