using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Rounds;

/// <summary>All problems of a state, in one list: the log, Events, metrics and everything that shows a state read only this.</summary>
public static class Problems
{
    public static ImmutableArray<Problem> Of(ControllerState state) =>
    [
        .. OfServices(state),
        .. OfInput(state),
        .. OfHealth(state),
        .. OfHolmes(state.Result.Holmes),
        .. OfConfigMap(state),
        .. OfOwner(state),
        .. state.Fights.Select(OfFight),
        .. state.Overrides.Warnings.Select(OfSlip),
        .. state.Result.Toolsets.Dormant.Where(d => !IsUnasked(d, state)).Select(d => OfDormant(d, state.Rules.InForce)),
        .. OfWithheld([.. state.Result.Toolsets.Withheld.Select(w => w.ToString())]),
        .. OfShortfalls(state),
        .. OfCertificates([.. state.Result.CertificatesUnverified.Select(c => c.Toolset)]),
        .. ForeignKeys(state.Observed),
    ];

    /// <summary>Of those that are too many in a namespace, the first is told for all.</summary>
    private static IEnumerable<Problem> OfServices(ControllerState state) => state.Detected.All
        .OfType<Detection.Rejected>()
        .DistinctBy(r => r.IsOfCrowd ? new ObjectKey(r.Service.Key.Namespace, "") : r.Service.Key)
        .Select(r => new Problem(KindOf(r), r.Service.Key, r.Problem) { ServiceUid = r.Service.Uid });

    private static ProblemKind KindOf(Detection.Rejected rejected) => rejected switch
    {
        { Beyond: null } => ProblemKind.MalformedAnnotation,
        { IsOfCrowd: true } => ProblemKind.NamespaceTooLarge,
        _ => ProblemKind.ServiceTooLarge,
    };

    private static IEnumerable<Problem> OfInput(ControllerState state) =>
    [
        .. state.Overrides.Problems.Select(p => New(ProblemKind.MalformedOverrides, $"{p}; {WhatStays(state)}")),
        .. OfRules([.. state.Rules.Problems.Select(p => p.ToString())]),
    ];

    private static Problem[] OfRules(ImmutableArray<string> problems) => problems switch
    {
        [] => [],
        [var only] => [New(ProblemKind.MalformedRules, only) with { Names = problems }],
        [var first, .. var others] => [New(ProblemKind.MalformedRules, $"{first} (and {others.Length} more)") with { Names = problems }],
    };

    private static string WhatStays(ControllerState state) =>
        state.Overrides.IsKnown ? "the last good ones stay in force" : "the ConfigMap stays as it is";

    /// <summary>One problem, however many endpoints it is about: they come and go while it lasts.</summary>
    private static IEnumerable<Problem> OfHealth(ControllerState state) => [.. OfPanic(state), .. state.Health.Obstructed.Select(OfObstacle)];

    /// <summary>The same problem whichever Services it is about: the first are named, for whoever looks for the reason begins with one.</summary>
    private static Problem OfObstacle(IGrouping<string, EndpointKey> obstructed)
    {
        ImmutableArray<string> services = [.. obstructed.Select(e => e.Service).Distinct().Order().Select(s => s.ToString())];
        string more = services.Length > 1 ? $" and of {Count(services.Length - 1, "more Service")}" : "";
        return New(ProblemKind.ChecksObstructed, $"{obstructed.Key} (checks of {services[0]}{more})") with { Names = services, About = obstructed.Key };
    }

    private static IEnumerable<Problem> OfPanic(ControllerState state)
    {
        if (!state.Health.IsPanic)
            return [];
        IEnumerable<EndpointKey> inPlace = state.Health.Checks.States.Select(s => s.Key).Where(state.Health.IsHealthy);
        return
        [
            New(ProblemKind.HealthPanic, "no health check passes, so the service assumes a fault on its own side and keeps the toolsets: look for a network policy or a DNS problem between the service and its backends; with HEALTH_PANIC=false it would remove the toolsets") with
            {
                Names = [.. inPlace.Select(e => e.Service).Order().Select(s => s.ToString()).Distinct()],
                About = "",
            },
        ];
    }

    /// <summary>Without its place: the text is nowhere to be seen, and any other change of it would make one more problem.</summary>
    private static IEnumerable<Problem> OfHolmes(HolmesFile? file) => file is null
        ? []
        :
        [
            .. file.Problems.Distinct()
                .Select(message => New(ProblemKind.UnfitHolmesFile, $"{ToolsetKey.Holmes} stays as it is: {message}")),
            .. file.LeftOut.Select(o => New(ProblemKind.LeftOutForHolmes, o.ToString()) with { Names = [o.Toolset, o.Path, o.Reason] }),
        ];

    private static List<Problem> OfConfigMap(ControllerState state)
    {
        var problems = new List<Problem>();
        if (state.Observed is null && state.WasThere)
            problems.Add(New(ProblemKind.ConfigMapMissing, "it was deleted, and is recreated with the last overrides that were seen"));
        if (state.Refusal is { } refusal)
            problems.Add(New(refusal.Reason == RefuseReason.Immutable ? ProblemKind.ConfigMapImmutable : ProblemKind.ConfigMapTooLarge, refusal.Detail) with { About = "" });
        if (!state.Result.LeftOut.IsEmpty)
            problems.Add(OfLeftOut([.. state.Result.LeftOut.Select(t => t.Name)]));
        return problems;
    }

    private static Problem OfLeftOut(ImmutableArray<string> names) =>
        New(ProblemKind.NoRoom, $"{Count(names.Length, "toolset")} of custom Services {(names.Length == 1 ? "does" : "do")} not fit into the ConfigMap: opt some out, or shorten the overrides") with
        {
            Names = names,
            About = string.Join(' ', names.Order(StringComparer.Ordinal)),
        };

    /// <summary>While nothing is known of the owner, there is nothing to say.</summary>
    private static IEnumerable<Problem> OfOwner(ControllerState state) => state.OwnerWarning is { } warning && state.Owner is not OwnerState.Unknown
        ? [New(KindOf(warning.Problem), warning.Detail) with { Names = [warning.Problem.ToString()] }]
        : [];

    private static ProblemKind KindOf(OwnerProblem problem) =>
        problem == OwnerProblem.OtherController ? ProblemKind.OtherController : ProblemKind.NotOwned;

    /// <summary>Told when it begins, and once more when repairs are slowed.</summary>
    private static Problem OfFight(Fight fight)
    {
        string what = fight.Key.Length > 0 ? fight.Key : "the ConfigMap";
        string pace = fight.IsSlowed ? ", so each repair waits longer, up to five minutes" : "";
        return New(ProblemKind.ContestedKey, $"{what}: {Opponent(fight)} keeps undoing what the service writes{pace}. {Advice(fight)}") with
        {
            Names = [fight.Key, fight.Manager is { } manager ? QuotedText.OrPlain(manager) : "unknown, since the API server does not record who removes something"],
            About = $"{fight.Key} {fight.IsSlowed}",
        };
    }

    private static string Opponent(Fight fight) => fight switch
    {
        { IsWithSecondCopy: true } => "a second copy of this service, with another version or other settings, uses the same field manager and",
        { Manager: { } manager } => $"the field manager {QuotedText.Of(manager)}",
        _ => "another writer, unknown since the API server does not record who removes something,",
    };

    private static string Advice(Fight fight) => fight.IsWithSecondCopy
        ? "Stop one of the two, which may run on somebody's laptop, or give it its own ConfigMap with CONFIGMAP_NAME."
        : $"Make it stop; put changes to toolsets in {ToolsetKey.Overrides}.";

    /// <summary>The same one wherever it stands: a line more above it is no news.</summary>
    private static Problem OfSlip(RuleProblem slip) => New(ProblemKind.OverrideSlip, slip.ToString()) with { About = $"{slip.File} {slip.Message}" };

    /// <summary>Before the first check has ended, and the first visit after it, nobody can say that a Service does not answer.</summary>
    private static bool IsUnasked(DormantOverride dormant, ControllerState state)
    {
        if (dormant.Reason != DormancyReason.BackendUnhealthy)
            return false;
        ImmutableArray<Detection.Matched> waiting = [.. state.Detected.Matched.Where(d => NameResolver.Asks(d, dormant.Name))];
        return !waiting.IsEmpty && waiting.All(d => state.Health.Checks.Find(d.EndpointKey) switch
        {
            null or { Status: HealthStatus.Unknown, Obstacle: null } => true,
            { Status: HealthStatus.Healthy } => d.Fingerprint is not null && !state.Identities.IsAsked(d.EndpointKey),
            _ => false,
        });
    }

    private static Problem OfDormant(DormantOverride dormant, RuleSet rules)
    {
        string wait = dormant.Reason switch
        {
            DormancyReason.BackendUnhealthy => "ignored until its Service is healthy or deleted",
            DormancyReason.BackendStandsBy => "ignored until its Service stands in for the real one of its namespace, which is healthy",
            DormancyReason.NoBackend when dormant.Others.Length > 0 => $"ignored until there is a backend of this name, or a config.url; the existing ones are called {dormant.Others}",
            DormancyReason.NoBackend => "ignored until such a backend is found, or there is a config.url",
            _ when OverrideHints.ForUnknownName(dormant.Name, rules) is { } hint => $"ignored until there is a config.url; {hint}",
            _ => "ignored until there is a config.url",
        };
        return New(ProblemKind.DormantOverride, $"{dormant.Name}: {wait}") with { Names = [dormant.Name] };
    }

    private static IEnumerable<Problem> OfWithheld(ImmutableArray<string> withheld) => withheld.IsEmpty
        ? []
        : [New(ProblemKind.WithheldCredentials, $"{Count(withheld.Length, "toolset")} of Services outside of CREDENTIALS_NAMESPACES {(withheld.Length == 1 ? "does without its" : "do without their")} references to secrets: add the namespace there, or set config.url in {ToolsetKey.Overrides}") with
        {
            Names = withheld,
            About = string.Join('\n', withheld),
        }];

    private static IEnumerable<Problem> OfShortfalls(ControllerState state) => state.Shortfalls
        .Select(s => new Problem(KindOf(s.Verdict), s.Service, $"{s.Toolset} {s.Matter}{(s.Verdict == QuestionVerdict.Credentials ? ", which HolmesGPT is not given" : "")}: {s.Advice}")
        {
            Names = [s.Toolset, s.Override],
            About = s.Override,
        });

    private static ProblemKind KindOf(QuestionVerdict shortfall) => shortfall switch
    {
        QuestionVerdict.Credentials => ProblemKind.MissingCredentials,
        QuestionVerdict.Tenant => ProblemKind.MissingTenant,
        _ => ProblemKind.NoData,
    };

    private static IEnumerable<Problem> OfCertificates(ImmutableArray<string> toolsets) => toolsets.IsEmpty
        ? []
        : [New(ProblemKind.UnverifiedCertificates, $"{(toolsets.Length == 1 ? "the certificate of 1 https backend is" : $"the certificates of {toolsets.Length} https backends are")} not verified, by the checks or by HolmesGPT, which is told verify_ssl: false: {UnverifiedCertificate.Remedy}") with
        {
            Names = toolsets,
            About = string.Join('\n', toolsets),
        }];

    private static IEnumerable<Problem> ForeignKeys(ConfigMapRecord? present) => (present is null ? [] : present.Data.Keys.Concat(present.BinaryData.Keys))
        .Where(k => !ToolsetKey.IsOurs(k) && k != ToolsetKey.Overrides)
        .Distinct()
        .Order(StringComparer.Ordinal)
        .Select(k => New(ProblemKind.ForeignKey, $"{k} is not managed by this service, and stays") with { Names = [k] });

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static Problem New(ProblemKind kind, string detail) => new(kind, null, detail);
}
