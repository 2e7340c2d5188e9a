using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Values;

namespace DynamicToolset.Rules;

/// <summary>What makes a Service an instance of a toolset type.</summary>
/// <param name="Name">Unique among the rules; a DNS label.</param>
/// <param name="Type">What it finds. The rule that has the type's own name defines the type.</param>
/// <param name="Priority">0 to 1000. The higher one is evaluated first, and wins if several Services want one toolset name.</param>
/// <param name="IsEnabled">False leaves the type known to annotations, and finds nothing.</param>
/// <param name="IsCompatible">
/// True for what speaks the type's API without being the product: it comes after every real one, and gives way to one in its namespace.
/// </param>
/// <param name="Exclude">None of these may hold.</param>
/// <param name="Ports">In order of preference: the first condition that some port meets chooses that port.</param>
/// <param name="Path">The prefix under which the product is always served; empty for none.</param>
/// <param name="Paths">Prefixes under which the product may be served besides, such as <c>/grafana</c>.</param>
/// <param name="Health">Null where the type's own is meant.</param>
/// <param name="Config">Null where the type's own is meant.</param>
/// <param name="Twins">Of a rule that says nothing, that of the type's own rule counts.</param>
public sealed record DetectorRule(
    string Name,
    string Type,
    int Priority,
    bool IsEnabled,
    bool IsCompatible,
    Condition Match,
    ImmutableArray<Condition> Exclude,
    ImmutableArray<PortCondition> Ports,
    SchemeChoice Scheme,
    string Path,
    ImmutableArray<string> Paths,
    HealthCheckSpec? Health,
    ToolsetValue.Map? Config,
    TwinRule Twins)
{
    public const int HighestPriority = 1000;

    public const int DefaultPriority = 100;

    /// <summary>The name of its product in fingerprints; the rule's name if it names none.</summary>
    public string Product { get => field.Length > 0 ? field : Name; init; } = "";

    /// <summary>The requests that identify a backend; null for those of the type.</summary>
    public Fingerprint? Fingerprint { get; init; }

    /// <summary>What HolmesGPT will ask a backend; null where the type's own is meant.</summary>
    public Question? Question { get; init; }

    public bool IsDefiningItsType => Name == Type;

    /// <summary>It says nothing but that a rule of its name is to be on.</summary>
    public bool IsSwitchedOnAlone => IsEnabled && Ports.IsEmpty;

    /// <summary>Everything that it asks of a Service but the port.</summary>
    public IEnumerable<Condition> Conditions() => [Match, .. Exclude, .. Twins.Prefer, .. Twins.BeforeAll];

    /// <summary>The port that the rule finds this Service by; null where the rule does not match.</summary>
    public ServicePort? FindIn(ServiceRecord service) =>
        IsEnabled && Match.IsMetBy(service) && ExclusionOf(service) is null ? Choose(service) : null;

    /// <summary>The port that the rule prefers, whatever else the Service is; null where none fits.</summary>
    public ServicePort? Choose(ServiceRecord service)
    {
        foreach (PortCondition condition in Ports)
        {
            if (condition.Find(service) is { } port)
                return port;
        }

        return null;
    }

    /// <summary>The first exclusion that holds of it; null where none does.</summary>
    public Condition? ExclusionOf(ServiceRecord service)
    {
        foreach (Condition condition in Exclude)
        {
            if (condition.IsMetBy(service))
                return condition;
        }

        return null;
    }
}
