using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.LeaderElection;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Service.HolmesReload;
using DynamicToolset.Service.Http;
using DynamicToolset.Service.Observability;

namespace DynamicToolset.Service.Api;

/// <summary>Makes the document of <c>/api/v1/status</c>.</summary>
/// <param name="replica">This pod or host.</param>
/// <param name="checks">Those of <c>/readyz</c>.</param>
/// <param name="reload">Null if nobody is told of changes, or nothing is known about it.</param>
internal sealed class StatusReader(string replica, ObjectKey configMap, Func<IEnumerable<SelfCheck>> checks, Func<ReloadStatus?> reload)
{
    private const int MostRows = 200;
    private const int MostBehind = 20;

    /// <summary>What keeps the cluster from being read; null where no check says so.</summary>
    public string? WhyNotReady => checks().FirstOrDefault(c => c is { Passes: false, Detail: not null })?.Detail;

    public Answer Read(ApiView view)
    {
        StatusDocument document = DocumentOf(view);
        return Answer.Of(document, document with { AsOf = default }, ApiJson.Default.StatusDocument);
    }

    public StatusDocument DocumentOf(ApiView view)
    {
        ControllerState state = view.State;
        ImmutableArray<Problem> problems = view.Problems;
        return new StatusDocument(
            state.AsOf,
            BuildInfo.Current.Version,
            BuildInfo.Current.Commit,
            replica,
            LeaderOf(state.Leadership),
            state.IsConverged,
            PlanOf(state.Step),
            [.. checks().Select(c => new SelfCheckDocument(c.Name, c.Word, c.Detail))],
            CountsOf(view),
            ConfigMapOf(state),
            OverridesOf(state),
            RulesOf(state),
            [.. NamesOf(view).Take(MostRows)],
            [.. problems.Take(MostRows).Select(p => new ProblemDocument(Camel(p.Kind), p.Service?.ToString(), p.Detail))],
            problems.Length,
            ReloadOf(reload()));
    }

    private static ReloadDocument ReloadOf(ReloadStatus? told) => new(
        told?.Url,
        [.. (told?.Addresses ?? []).Select(r => new ReloadedDocument(r.Address?.ToString(), r.At, r.Result.Word, r.Result.Problem))],
        told?.More ?? 0);

    private LeaderDocument LeaderOf(Leadership leadership) => leadership switch
    {
        Leadership.Alone => new LeaderDocument(Election: false, IsLeader: true, replica),
        Leadership.Follower { Holder: "" } => new LeaderDocument(Election: true, IsLeader: false, null),
        Leadership.Follower follower => new LeaderDocument(Election: true, IsLeader: false, follower.HolderShown),
        _ => new LeaderDocument(Election: true, IsLeader: true, replica),
    };

    private static PlanDocument PlanOf(ConfigMapPlan step) => new(step.Word, [.. step.KeysSet.Take(MostRows)], [.. step.KeysRemoved.Take(MostRows)]);

    private static CountsDocument CountsOf(ApiView view)
    {
        ImmutableArray<Detection.Matched> matched = view.State.Detected.Matched;
        return new CountsDocument(
            matched.CountBy(d => d.Type).ToImmutableSortedDictionary(StringComparer.Ordinal),
            view.State.Result.Toolsets.Toolsets.Length,
            matched.Count(d => view.Status(d) == HealthStatus.Healthy),
            matched.Count(d => view.Status(d) == HealthStatus.Unhealthy),
            matched.Count(d => view.Status(d) == HealthStatus.Unknown));
    }

    private ConfigMapDocument ConfigMapOf(ControllerState state) => new(
        configMap.Namespace,
        configMap.Name,
        state.Observed?.ResourceVersion,
        state.Observed is { } present ? ConfigMapSize.Of(present) : 0,
        state.LastWrite is { } write ? WriteOf(write) : null,
        state.Refusal?.Detail,
        [.. state.Result.LeftOut.Take(MostRows).Select(t => t.Name)]);

    internal static WriteDocument WriteOf(ConfigMapWrite write) => new(
        write.At,
        write.IsRecreation ? "recreated" : write.IsCreation ? "created" : "patched",
        [.. write.Set.Take(MostRows)],
        [.. write.Removed.Take(MostRows)],
        [.. write.Drift.Take(MostRows).Select(d => new DriftDocument(d.Key, Camel(d.Kind), d.Manager))],
        (int)write.Took.TotalMilliseconds);

    private static OverridesDocument OverridesOf(ControllerState state) => new(
        !state.Overrides.Problems.Any(),
        state.Overrides.Problem?.ToString(),
        [.. (state.Overrides.Merge()?.Keys ?? []).Take(MostRows)],
        [.. state.Result.Toolsets.Dormant.Take(MostRows).Select(d => new DormantDocument(d.Name, Camel(d.Reason)))],
        [.. state.Overrides.Files.Files.Select(f => new OverrideFileDocument(f.Path, f.State.Problem?.ToString()))]);

    private static RulesDocument RulesOf(ControllerState state) => new(
        state.Rules.Problems.IsEmpty,
        state.Rules.InForce.Rules.Length,
        [.. state.Rules.Problems.Take(MostRows).Select(p => p.ToString())]);

    private static IEnumerable<NameDocument> NamesOf(ApiView view)
    {
        ILookup<string, ObjectKey> askedBy = view.State.Detected.Matched.ToLookup(d => d.Name, d => d.Service.Key);
        return view.Names.OrderBy(n => n.Value, StringComparer.Ordinal).Select(n => new NameDocument(
            n.Value,
            n.Key.ToString(),
            ApiView.Flag(view.Status(view.Matched[n.Key])),
            [.. askedBy[n.Value].Where(other => other != n.Key).Take(MostBehind).Select(other => other.ToString())]));
    }

    private static string Camel<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
