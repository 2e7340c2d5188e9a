using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Holmes;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Identification;
using DynamicToolset.Journal;
using DynamicToolset.LeaderElection;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;
using DynamicToolset.Rounds;
using DynamicToolset.Rules;
using DynamicToolset.Tests.Journal;
using DynamicToolset.Tests.Samples;
using DynamicToolset.Toolsets;
using Findings = DynamicToolset.Identification.Findings;

namespace DynamicToolset.Tests.Rounds;

/// <summary>
/// A cluster in a few lines, and rounds that look at it: what <see cref="Round"/> decides is carried out by <see cref="Store"/>, and nothing else
/// happens. Each round is recorded as well, and rebuilt from the record as it was. Services are lines of <see cref="ServiceText"/>.
/// </summary>
internal sealed class RoundWorld
{
    private Round _round;
    private RuleState _rules = new(BuiltInRules.All, []);
    private ImmutableDictionary<ObjectKey, ServiceRecord> _services = ImmutableDictionary<ObjectKey, ServiceRecord>.Empty;
    private JudgedHealth _health = JudgedHealth.Empty;
    private IdentityTable _identities = IdentityTable.Unneeded;
    private TimeSpan _moment;
    private HashSet<string> _down = [];
    private HashSet<string> _locked = [];
    private ImmutableDictionary<string, EndpointForm> _speaking = ImmutableDictionary<string, EndpointForm>.Empty;
    private ImmutableDictionary<string, string> _well = ImmutableDictionary<string, string>.Empty;
    private int _objects;
    private long _rounds;
    private readonly RoundRecorder _recorder = new();

    /// <param name="credentialsNamespaces">See <see cref="CredentialScope"/>.</param>
    public RoundWorld(params ImmutableArray<string> credentialsNamespaces)
        : this(HolmesTarget.Compat, credentialsNamespaces)
    {
    }

    /// <param name="target">Null where no file for HolmesGPT is wanted.</param>
    public RoundWorld(HolmesTarget? target, params ImmutableArray<string> credentialsNamespaces) => _round = new(new RoundOptions(
        new ToolsetPipeline(BuiltInRules.All, [], [], "")
        {
            Holmes = target is { } some ? new HolmesProfile(some, []) : null,
            Credentials = new CredentialScope(credentialsNamespaces),
        },
        "dynamic-toolset"));

    /// <summary>As from outside of a cluster.</summary>
    public RoundWorld HoldingMassRemoval()
    {
        _round = new Round(_round.Options with { HoldsMassRemoval = true });
        return this;
    }

    /// <summary>As with HEALTH_CHECK_CA_FILE empty.</summary>
    public RoundWorld TakingAnyCertificate()
    {
        ToolsetPipeline pipeline = _round.Options.Pipeline;
        _round = new Round(_round.Options with { Pipeline = pipeline with { Holmes = pipeline.Holmes! with { TakesAnyCertificate = true } } });
        return this;
    }

    public RoundOptions Options => _round.Options;

    /// <summary>What was written of the rounds.</summary>
    public RoundRecorder Recorder => _recorder;

    public RoundMemory Memory { get; private set; } = RoundMemory.Start;

    public ConfigMapView View { get; set; } = ConfigMapView.Empty;

    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Those of OVERRIDES_DIR.</summary>
    public OverrideFiles Files { get; set; } = OverrideFiles.None;

    public OwnerState Owner { get; set; } = new OwnerState.SwitchedOff();

    public Leadership Leadership { get; set; } = new Leadership.Alone();

    /// <summary>By which leaders the ConfigMap was fenced without being created.</summary>
    public List<string> Fences { get; } = [];

    /// <summary>Writes are answered with a failure, and what they wrote is not seen.</summary>
    public bool DoWritesFail { get; set; }

    public Decision? Decision { get; private set; }

    public ControllerState? State { get; private set; }

    public int Writes { get; private set; }

    public ConfigMapRecord Present => View.Newest!;

    public string Keys => string.Join(' ', Present.Data.Keys.Where(ToolsetKey.IsToolset).Select(ToolsetKey.NameIn));

    public string? UrlOf(string toolset) =>
        Present.Data.GetValueOrDefault(ToolsetKey.Of(toolset))?.Split('\n').FirstOrDefault(l => l.StartsWith("  url: ", StringComparison.Ordinal))?[7..].Trim('"');

    public string Holmes => Present.Data[ToolsetKey.Holmes];

    /// <summary>A file of rules beside the built-in ones.</summary>
    public RoundWorld Ruled(string yaml)
    {
        RuleSetReading reading = BuiltInRules.With([new RuleFile("rules.yaml", yaml)]);
        Assert.Empty(reading.Problems);
        _rules = new RuleState(reading.RuleSet!, []);
        return this;
    }

    /// <summary>Backends are asked what they are from now on, and answer where <see cref="Answer"/> or <see cref="Settle(string, string?)"/> says so.</summary>
    public RoundWorld WithQuestions()
    {
        _identities = IdentityTable.Empty;
        return this;
    }

    /// <summary>A backend is asked what it is, once more where that is something else.</summary>
    /// <param name="product">Null where it does not tell.</param>
    public RoundWorld Answer(string service, string? product)
    {
        BackendIdentity? identity = product is null ? null : new BackendIdentity(product);
        if (FindAsked(service) is not { } target)
            return this;
        _identities = _identities.Answered(target.Key, identity);
        return identity is null || _identities.Find(target.Key) == identity ? this : AnswerOnce(service, product).AnswerOnce(service, product);
    }

    public RoundWorld AnswerOnce(string service, string? product)
    {
        if (FindAsked(service) is { } target)
        {
            var found = new Findings { Identity = product is null ? null : new BackendIdentity(product), Verdict = _identities.VerdictOf(target.Key) };
            _identities = _identities.Visited(target.Key, found);
        }

        return this;
    }

    private IdentityTarget? FindAsked(string service) => Decision!.Asked.SingleOrDefault(t => t.IsWanted && t.Key.Service.ToString() == service);

    /// <summary>What HolmesGPT will meet at a backend, by what that answered when it was visited.</summary>
    public RoundWorld Meet(string service, QuestionVerdict? verdict)
    {
        IdentityTarget target = Decision!.Asked.Single(t => t.IsWanted && t.Key.Service.ToString() == service);
        _identities = _identities.Visited(target.Key, new Findings { Verdict = verdict });
        return this;
    }

    public RoundWorld Settle(string service, string? product) => Settle((service, product));

    /// <summary>The same, and whenever somebody asks these backends they answer so.</summary>
    public RoundWorld Settle(params (string Service, string? Product)[] answers)
    {
        for (int i = 0; i < 4; i++)
        {
            Round().Check().Round();
            foreach ((string service, string? product) in answers)
                Answer(service, product);
        }

        return Settle();
    }

    /// <summary>Backends are asked what they say of themselves from now on, or from now on not; what that is <see cref="Say"/> tells.</summary>
    public RoundWorld Telling(bool tells = true)
    {
        ToolsetPipeline pipeline = _round.Options.Pipeline;
        _round = new Round(_round.Options with { Pipeline = pipeline with { Holmes = pipeline.Holmes! with { TellsCapabilities = tells } } });
        return WithQuestions();
    }

    /// <summary>A backend is visited, and is what its rule says.</summary>
    /// <param name="line">Null where it does not tell.</param>
    public RoundWorld Say(string service, string? line)
    {
        IdentityTarget target = Decision!.Asked.Single(t => t.IsWanted && t.Key.Service.ToString() == service);
        _identities = _identities.Visited(target.Key, new Findings { Says = line is null ? null : CapabilityLine.Of([line]) });
        return this;
    }

    /// <summary>A DISCOVERY_INTERVAL has passed.</summary>
    public long Cycle { get; set; } = 1;

    /// <summary>Applies Services: those of a name that is there are replaced.</summary>
    public RoundWorld With(params string[] services)
    {
        foreach (ServiceRecord service in ServiceText.ParseAll(services))
            _services = _services.SetItem(service.Key, service with { ResourceVersion = $"s{++_objects}" });
        return this;
    }

    public RoundWorld Without(string service)
    {
        _services = _services.Remove(_services.Keys.Single(k => k.ToString() == service));
        return this;
    }

    /// <param name="services">Those that do not answer from now on, all others do.</param>
    public RoundWorld Down(params string[] services)
    {
        _down = [.. services];
        return this;
    }

    /// <param name="services">Those that want credentials from now on, all others do not.</param>
    public RoundWorld Locked(params string[] services)
    {
        _locked = [.. services];
        return this;
    }

    /// <summary>A backend is well below this path alone from now on.</summary>
    public RoundWorld WellAt(string service, string path)
    {
        _well = _well.SetItem(service, path);
        return this;
    }

    /// <summary>A backend answers in this form alone from now on; those of which nothing is said answer as they are asked.</summary>
    /// <param name="form">For example <c>https</c> or <c>http/jaeger</c>.</param>
    public RoundWorld Speaking(string service, string form)
    {
        string scheme = form.Split('/')[0];
        _speaking = _speaking.SetItem(service, new EndpointForm(scheme, form[scheme.Length..]));
        return this;
    }

    /// <summary>Somebody writes the ConfigMap: the watch tells of a new version.</summary>
    public RoundWorld Edit(Func<ConfigMapRecord, ConfigMapRecord> change)
    {
        View = View.Changed(change(Present) with { ResourceVersion = $"{++_objects}" });
        return this;
    }

    public RoundWorld Override(string text) => Edit(c => c.With(ToolsetKey.Overrides, text));

    public RoundWorld Delete()
    {
        View = View.Deleted(Present);
        return this;
    }

    public RoundWorld Pass(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>The program starts anew: it knows nothing but what stands in the cluster.</summary>
    public RoundWorld Restart()
    {
        Memory = RoundMemory.Start;
        _health = JudgedHealth.Empty;
        _identities = _identities.Equals(IdentityTable.Unneeded) ? _identities : IdentityTable.Empty;
        View = ConfigMapView.Empty.Listed(View.Newest);
        return this;
    }

    /// <summary>Rounds until nothing is to be written, with checks in between that all end.</summary>
    public RoundWorld Settle()
    {
        for (int i = 0; i < 10; i++)
        {
            Round(areFirstChecksDone: true);
            Check();
            if (Decision!.Plan is ConfigMapPlan.None && i > 1)
                return this;
            if (Decision.LookAgainAt is { } at && at > Now)
                Now = at;
            if (DoWritesFail)
                return this;
        }

        throw new InvalidOperationException($"it does not settle: {PlanText.Of(Decision!.Plan)}");
    }

    public RoundWorld Round(bool areFirstChecksDone = true)
    {
        var inputs = new RoundInputs(_rules, new ServiceSnapshot([_services]), View, _health, areFirstChecksDone, Owner, Cycle, Leadership)
        {
            OverrideFiles = Files,
            Identities = _identities,
        };
        RoundMemory before = Memory;
        Decision = _round.Decide(inputs, Memory, Moment);
        _health = _health.Retarget([.. Decision.Targets.Select(t => (t.Endpoint, t.InPlace))], Moment.Wall).Reform(Decision.Targets);
        _identities = _identities.Retarget(Decision.Asked);
        WriteOutcome outcome = CarryOut(Decision);
        (Memory, State) = _round.Conclude(inputs, Decision, outcome, Moment);
        _recorder.Record(_round, new JournalRound(++_rounds, inputs, before, Moment, Decision, outcome, Moment));
        return this;
    }

    /// <summary>Every endpoint is checked, twice: the second failure in a row is believed.</summary>
    public RoundWorld Check() => CheckOnly([.. _services.Keys.Select(k => k.ToString())]);

    public RoundWorld CheckOnly(params string[] services) => CheckOnce(services).CheckOnce(services);

    public RoundWorld CheckOnce(params string[] services)
    {
        foreach (ProbeTarget target in Decision!.Targets.Where(t => services.Contains(t.Service.ToString())))
        {
            HealthState before = _health.Checks.Find(target.Endpoint)!;
            HealthCheckTarget first = before.Form is { } form ? target.Ways.In(form)! : target.Target;
            var attempt = new CheckAttempt(target.Ways, first, before.Tried);
            while (attempt.Next(TimeSpan.FromSeconds(1)) is { } request)
                attempt = attempt.With(AnswerTo(request));
            bool moves = HealthPolicy.Moves(before, attempt, new HealthThresholds());
            HealthState after = HealthPolicy.Next(before, moves ? attempt.Tried!.Outcome : attempt.Outcome!, new HealthThresholds(), Moment.Wall);
            _health = _health.With(target.Endpoint, after with
            {
                Ran = new CheckSpan(NextMoment(), NextMoment()),
                Form = moves ? attempt.Tried!.Way.Endpoint.Form : before.Form,
                Tried = attempt.Tried,
            });
        }

        return this;
    }

    private ProbeAnswer AnswerTo(ProbeRequest request)
    {
        string service = request.Endpoint.Service.ToString();
        if (_down.Contains(service))
            return new ProbeAnswer.None(ProbeFailure.Refused);
        EndpointForm spoken = _speaking.GetValueOrDefault(service, request.Endpoint.Form);
        if (spoken.Scheme != request.Endpoint.Scheme)
            return new ProbeAnswer.None(spoken.Scheme == "https" ? ProbeFailure.CutOff : ProbeFailure.TlsFailed);
        int status = spoken.Path != request.Endpoint.Path || _well.GetValueOrDefault(service, request.Path) != request.Path ? 404 : _locked.Contains(service) ? 401 : 200;
        return new ProbeAnswer.Response(status, null, null, default);
    }

    private TimeSpan NextMoment() => _moment += TimeSpan.FromTicks(1);

    private Moment Moment => new(Now, DateTimeOffset.UnixEpoch + Now);

    private WriteOutcome CarryOut(Decision decision)
    {
        if (decision.Step is ConfigMapPlan.None or ConfigMapPlan.Yield || DoWritesFail)
            return new WriteOutcome.NotWritten();
        if (decision.Step is ConfigMapPlan.Disown)
        {
            Edit(c => c with { Managers = [.. c.Managers.Select(m => m with { DataKeys = m.DataKeys.Remove(ToolsetKey.Overrides) })] });
            return new WriteOutcome.Disowned();
        }

        if (decision.Step is ConfigMapPlan.Fence fence)
        {
            Assert.Equal(Present.ResourceVersion, fence.ResourceVersion);
            Edit(c => c with { Annotations = c.Annotations.SetItem(DesiredConfigMap.LeaderEpochAnnotation, fence.Value) });
            Fences.Add(fence.Value);
            return new WriteOutcome.Fenced(Present);
        }

        ConfigMapRecord written = Store.Apply(decision.Step, View.Newest)! with { ResourceVersion = $"{++_objects}", Managers = [Ours(decision.Step)] };
        if (decision.Step is ConfigMapPlan.Create)
            written = written with { Uid = $"u{_objects}" };
        bool wasThere = View.LastSeen is not null;
        View = View.Answered(written).Changed(written);
        Writes++;
        return new WriteOutcome.Written(
            decision.Step, written, ConfigMapWrite.Of(decision.Step, decision.Drift, wasThere, Moment.Wall, TimeSpan.Zero), OwnersRefused: null);
    }

    /// <summary>As the API server has it: what a write of ours says belongs to us.</summary>
    private static FieldManager Ours(ConfigMapPlan step) => step switch
    {
        ConfigMapPlan.Create create => new FieldManager(FieldManager.Ours, "Apply", null, [.. create.Content.Data.Keys]) { MetadataKeys = [.. create.Content.Annotations.Keys] },
        ConfigMapPlan.Patch patch => new FieldManager(FieldManager.Ours, "Update", null, [.. patch.Changes.Data.Keys]) { MetadataKeys = [.. patch.Changes.Annotations.Keys] },
        _ => throw new ArgumentException("no write", nameof(step)),
    };
}
