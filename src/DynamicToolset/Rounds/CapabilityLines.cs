using System.Collections.Immutable;
using DynamicToolset.Capabilities;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Rounds;

/// <summary>
/// What the file tells of each backend. A line comes as soon as it is known, and one that changes when the next discovery cycle begins: whoever answers
/// otherwise each time, with however many backends, brings about one write in a cycle.
/// </summary>
/// <param name="Cycle">In which they were last taken anew.</param>
public sealed record CapabilityLines(long Cycle, ImmutableDictionary<EndpointKey, CapabilityLine> Told)
{
    public static CapabilityLines None { get; } = new(-1, ImmutableDictionary<EndpointKey, CapabilityLine>.Empty);

    /// <summary>Null where it told nothing that may be shown.</summary>
    public string? TextOf(EndpointKey endpoint) => Told.GetValueOrDefault(endpoint) is { Text: { Length: > 0 } text } ? text : null;

    /// <param name="endpoints">Those that are there, with what is known of each now; null where it has not told.</param>
    public CapabilityLines Next(long cycle, IEnumerable<KeyValuePair<EndpointKey, CapabilityLine?>> endpoints)
    {
        var told = ImmutableDictionary.CreateBuilder<EndpointKey, CapabilityLine>();
        foreach ((EndpointKey endpoint, CapabilityLine? known) in endpoints)
        {
            CapabilityLine? before = Told.GetValueOrDefault(endpoint);
            if ((cycle == Cycle ? before ?? known : known ?? before) is { } line)
                told[endpoint] = line;
        }

        return new CapabilityLines(cycle, told.ToImmutable());
    }
}
