using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Values;

namespace DynamicToolset.Discovery;

/// <summary>What a Service was found to be.</summary>
public abstract record Detection
{
    private Detection(ServiceRecord service) => Service = service;

    public ServiceRecord Service { get; }

    /// <param name="Type">A built-in type or <c>custom</c>.</param>
    /// <param name="Name">The toolset name that it asks for; others may ask for the same one.</param>
    /// <param name="Rule">The rule of its type that finds it, beside an annotation too; null where only an annotation names it.</param>
    /// <param name="Priority">The rule's; 0 without one.</param>
    /// <param name="IsCompatible">It speaks the type's API without being the product.</param>
    /// <param name="IsAskedFor">Its owner asked for it by an annotation.</param>
    /// <param name="Config">Filled in.</param>
    public sealed record Matched(
        ServiceRecord Service,
        string Type,
        string Name,
        string? Rule,
        int Priority,
        bool IsCompatible,
        bool IsAskedFor,
        HealthCheckTarget Health,
        ToolsetValue.Map Config)
        : Detection(Service)
    {
        /// <summary>How it is asked what it is, by the rule that found it; null where it is not.</summary>
        public Fingerprint? Fingerprint { get; init; }

        /// <summary>What HolmesGPT will ask it, by the rule that found it; null where that is not asked.</summary>
        public Question? Question { get; init; }

        /// <summary>Of which the question is; null where its owner says what it is, and so has it answer.</summary>
        public string? Product { get; init; }

        /// <summary>What it answers as, where that and not the rule that found it says what it is; null where the rule does.</summary>
        public string? AnswersAs { get; init; }

        /// <summary>Where it is asked what it is: as what it was found, whatever it answers as.</summary>
        public EndpointUrl AskedAt { get => field ?? Endpoint; init; }

        /// <summary>The type that the rule which found it takes it for, whatever it answers as.</summary>
        public string FoundAs { get => field.Length > 0 ? field : Type; init; } = "";

        /// <summary>How it may be asked, of which <see cref="Health"/> is the way that is known to work, or the first.</summary>
        public CheckWays Ways { get => field ?? new CheckWays(Health); init; }

        /// <summary>From which <see cref="Config"/> is filled in; null where that cannot be done again.</summary>
        public ToolsetValue.Map? Template { get; init; }

        public EndpointUrl Endpoint => Health.Endpoint;

        /// <summary>What answers, and not the Service, says which URL it has.</summary>
        public bool IsAsProbed => Endpoint.Form != Ways.First.Endpoint.Form;

        /// <summary>What its health is known by.</summary>
        public EndpointKey EndpointKey => new(Service.Key, Endpoint.Port);

        /// <param name="inPlace">See <see cref="ProbeTarget"/>.</param>
        public ProbeTarget ToProbe(bool? inPlace) => new(Ways.First, Type, Service.Key, Service.ResourceVersion, inPlace)
        {
            Ways = Ways,
            Told = IsAsProbed ? Endpoint.Form : null,
        };

        /// <param name="form">Null where none is known.</param>
        /// <returns>The same with a URL of this form; as it is where that is none of its <see cref="Ways"/>.</returns>
        public Matched In(EndpointForm? form)
        {
            if (form is not { } known || known == Endpoint.Form || Template is null || Ways.In(known) is not { } way)
                return this;
            return this with { Health = way, Config = ConfigTemplate.Fill(Template, way.Endpoint, Service.Key) };
        }

        public ServicePort Port => Service.Ports.First(p => p.Protocol == "TCP" && p.Number == Endpoint.Port);
    }

    /// <summary>It is found, and leads to a backend that another Service speaks for.</summary>
    /// <param name="Match">What it would be were it alone.</param>
    /// <param name="Of">The Service that speaks for the backend.</param>
    public sealed record Twin(Matched Match, ObjectKey Of) : Detection(Match.Service);

    /// <summary>A rule finds it, and it answers as something else, which no rule takes.</summary>
    /// <param name="Match">What it was taken for.</param>
    /// <param name="Identity">What it is.</param>
    public sealed record Contradicted(Matched Match, BackendIdentity Identity) : Detection(Match.Service);

    /// <summary>No annotation asks for it and no rule fits.</summary>
    public sealed record NotMatched(ServiceRecord Service) : Detection(Service);

    /// <summary>Its owner opted out.</summary>
    public sealed record OptedOut(ServiceRecord Service) : Detection(Service);

    /// <summary>It asks to be a toolset, but in a way that cannot be followed, or is beyond a bound; it is left out, and its owner is told.</summary>
    /// <param name="Problem">What is wrong and what is allowed, with the annotation's name and without its value.</param>
    public sealed record Rejected(ServiceRecord Service, string Problem) : Detection(Service)
    {
        /// <summary>The bound that it is beyond; null where its annotations are wrong.</summary>
        public Bound? Beyond { get; init; }

        /// <summary>It is one of many: its namespace has more than it may have.</summary>
        public bool IsOfCrowd => Beyond == ServiceBounds.Share || Beyond == Detector.Backends;
    }
}
