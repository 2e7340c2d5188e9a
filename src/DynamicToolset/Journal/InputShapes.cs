using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Identification;
using DynamicToolset.LeaderElection;
using DynamicToolset.Messages;
using DynamicToolset.Overrides;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Journal;

/// <summary>The forms of the inputs of a round.</summary>
internal static class InputShapes
{
    public static ServiceRecord Service(Pen pen, ServiceRecord? value) => new(
        pen.Service("service", value?.Key ?? default),
        pen.NeededText("uid", value?.Uid),
        pen.NeededText("version", value?.ResourceVersion),
        pen.Word("kind", value?.Kind ?? default),
        PairsOf(pen, "labels", value?.Labels),
        PairsOf(pen, "annotations", value?.Annotations),
        pen.List<ServicePort>("ports", value?.Ports, Port),
        PairsOf(pen, "selector", value?.Selector))
    {
        Beyond = pen.Part("beyond", value?.Beyond, Bound),
        IsControlled = pen.Flag("controlled", value?.IsControlled == true),
    };

    private static ServicePort Port(Pen pen, ServicePort? value) => new(
        pen.Text("name", value?.Name),
        pen.Count("number", value?.Number ?? 0) is > 0 and < 65536 and int number ? number : throw Pen.Wrong("number"),
        pen.NeededText("protocol", value?.Protocol),
        pen.Text("appProtocol", value?.AppProtocol),
        pen.Text("targetPort", value?.TargetPort));

    private static Bound Bound(Pen pen, Bound? value) => new(
        pen.NeededText("input", value?.Input),
        pen.Number("most", value?.Most ?? 0),
        pen.NeededText("unit", value?.Unit),
        pen.NeededText("then", value?.Beyond));

    /// <summary>Without the times of checks, and what was tried besides: nothing is decided by those.</summary>
    public static HealthState Health(Pen pen, HealthState? value) => new(
        pen.Word("status", value?.Status ?? default), Streak: 0, Since: default, pen.Part("last", value?.Last, Outcome), LastChecked: null)
    {
        Obstacle = pen.Text("obstacle", value?.Obstacle),
        WantsCredentials = pen.Flag("wantsCredentials", value?.WantsCredentials == true),
        Form = pen.Form("form", value?.Form),
        Told = pen.Form("told", value?.Told),
    };

    private static ProbeOutcome Outcome(Pen pen, ProbeOutcome? value)
    {
        string reason = pen.NeededText("reason", value?.Reason);
        int? code = (int?)pen.NumberOrNull("code", value?.StatusCode);
        return (reason, code) switch
        {
            ("ok", { } ok) => new ProbeOutcome.Success(ok),
            ("ok", null) => new ProbeOutcome.Connected(),
            ("credentials", { } wanting) => new ProbeOutcome.WantsCredentials(wanting),
            ("status", { } status) => new ProbeOutcome.BadStatus(status),
            _ => new ProbeOutcome.Unanswered(ProbeFailure.Of(reason)),
        };
    }

    public static PastVisit Visit(Pen pen, PastVisit? value) => new(
        pen.Flag("asked", value?.IsAsked == true),
        pen.Flag("visited", value?.IsVisited == true),
        pen.WordOrNull("verdict", value?.Verdict),
        Line(pen, "says", value?.Says));

    public static BackendIdentity Identity(Pen pen, BackendIdentity? value) =>
        new(pen.NeededText("name", value?.Name), pen.Text("version", value?.Version));

    public static CapabilityLine? Line(Pen pen, string name, CapabilityLine? value) =>
        pen.Text(name, value?.Text) is { } text ? CapabilityLine.TryRead(text) ?? CapabilityLine.Nothing : null;

    public static OwnerState Owner(Pen pen, OwnerState? value)
    {
        string kind = pen.NeededText("is", value?.GetType().Name);
        string? text = pen.Text("detail", value switch
        {
            OwnerState.InOtherNamespace { Namespace: var ns } => ns,
            OwnerState.Found { Uid: var uid } => uid,
            OwnerState.Forbidden { Error: var error } => error,
            OwnerState.Refused { Error: var error } => error,
            _ => null,
        });
        string? right = pen.Text("right", (value as OwnerState.Forbidden)?.MissingRight ?? (value as OwnerState.Refused)?.MissingRight);
        return kind switch
        {
            nameof(OwnerState.SwitchedOff) => new OwnerState.SwitchedOff(),
            nameof(OwnerState.InOtherNamespace) => new OwnerState.InOtherNamespace(text ?? ""),
            nameof(OwnerState.Unknown) => new OwnerState.Unknown(),
            nameof(OwnerState.Forbidden) => new OwnerState.Forbidden(text ?? "", right),
            nameof(OwnerState.Missing) => new OwnerState.Missing(),
            nameof(OwnerState.BeingDeleted) => new OwnerState.BeingDeleted(),
            nameof(OwnerState.Found) => new OwnerState.Found(text ?? ""),
            nameof(OwnerState.Refused) => new OwnerState.Refused(text ?? "", right),
            _ => throw Pen.Wrong("is"),
        };
    }

    public static Leadership Leadership(Pen pen, Leadership? value)
    {
        string kind = pen.NeededText("is", value?.GetType().Name);
        string text = pen.Text("detail", value switch
        {
            LeaderElection.Leadership.Leader { Fence: var fence } => fence,
            LeaderElection.Leadership.Follower { Holder: var holder } => holder,
            _ => null,
        }) ?? "";
        return kind switch
        {
            nameof(LeaderElection.Leadership.Alone) => new Leadership.Alone(),
            nameof(LeaderElection.Leadership.Leader) => new Leadership.Leader(text),
            nameof(LeaderElection.Leadership.Follower) => new Leadership.Follower(text),
            _ => throw Pen.Wrong("is"),
        };
    }

    /// <summary>As what was read just now; see <see cref="OverrideState.Next"/>.</summary>
    public static OverrideSet OverrideSet(Pen pen, OverrideSet? value)
    {
        ImmutableArray<YamlProblem> problems = pen.List<YamlProblem>("problems", value?.Problems.ToList(), Problem);
        return new OverrideSet(Entries(pen, value?.Entries) ?? Overrides.OverrideSet.None.Entries, problems.FirstOrDefault())
        {
            OtherProblems = problems.IsEmpty ? [] : problems[1..],
            Slips = pen.List<YamlProblem>("slips", value?.Slips, Problem),
        };
    }

    public static OverrideState OverrideState(Pen pen, OverrideState? value)
    {
        ImmutableSortedDictionary<string, ToolsetValue.Map>? inForce = Entries(pen, value?.InForce);
        ImmutableArray<YamlProblem> problems = pen.List<YamlProblem>("problems", value?.Problem is { } first ? [first, .. value.OtherProblems] : [], Problem);
        ImmutableArray<YamlProblem> slips = pen.List<YamlProblem>("slips", value?.Slips, Problem);
        OverrideState state = Overrides.OverrideState.Start with { InForce = inForce };
        if (problems.IsEmpty)
            return inForce is null ? state : state.Next(new OverrideSet(inForce, null) { Slips = slips });
        return state.Next(Overrides.OverrideSet.None with { Problem = problems[0], OtherProblems = problems[1..], Slips = slips });
    }

    public static OverrideFile OverrideFile(Pen pen, OverrideFile? value) =>
        new(pen.NeededText("path", value?.Path), pen.Part("says", value?.State, OverrideState) ?? Overrides.OverrideState.Start);

    public static RuleProblem RuleProblem(Pen pen, RuleProblem? value)
    {
        YamlProblem problem = Problem(pen, value is null ? null : new YamlProblem(value.Position, value.Message));
        return new RuleProblem(pen.NeededText("file", value?.File), problem.Position, problem.Message);
    }

    public static FieldManager Manager(Pen pen, FieldManager? value) => new(
        pen.NeededText("name", value?.Name),
        pen.NeededText("operation", value?.Operation),
        pen.Moment("time", value?.Time),
        [.. pen.Texts("data", value?.DataKeys)])
    {
        OwnsData = pen.Flag("ownsData", value?.OwnsData == true),
        MetadataKeys = [.. pen.Texts("metadata", value?.MetadataKeys)],
    };

    public static OwnerReference Reference(Pen pen, OwnerReference? value) => new(
        pen.NeededText("apiVersion", value?.ApiVersion),
        pen.NeededText("kind", value?.Kind),
        pen.NeededText("name", value?.Name),
        pen.NeededText("uid", value?.Uid),
        pen.FlagOrNull("controller", value?.Controller),
        pen.FlagOrNull("blockOwnerDeletion", value?.BlockOwnerDeletion));

    private static YamlProblem Problem(Pen pen, YamlProblem? value) => new(
        new YamlPosition(pen.Count("line", value?.Position.Line ?? 0), pen.Count("column", value?.Position.Column ?? 0)),
        pen.NeededText("message", value?.Message));

    /// <summary>As JSON texts of their own: a key may be called like anything.</summary>
    private static ImmutableSortedDictionary<string, ToolsetValue.Map>? Entries(Pen pen, ImmutableSortedDictionary<string, ToolsetValue.Map>? value) =>
        pen.Part("entries", value, EntriesIn);

    private static ImmutableSortedDictionary<string, ToolsetValue.Map> EntriesIn(Pen pen, ImmutableSortedDictionary<string, ToolsetValue.Map>? value)
    {
        if (value is null)
            return Overrides.OverrideSet.None.Entries.SetItems(pen.All().Select(e => KeyValuePair.Create(e.Name, TreeJson.MapIn(e.Value))));
        foreach ((string name, ToolsetValue.Map body) in value)
            TreeJson.Write(pen.Writer!, name, body);
        return value;
    }

    private static ImmutableSortedDictionary<string, string> PairsOf(Pen pen, string name, IReadOnlyDictionary<string, string>? value) =>
        pen.Pairs(name, value?.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)))
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value ?? throw Pen.Wrong(name), StringComparer.Ordinal);
}
