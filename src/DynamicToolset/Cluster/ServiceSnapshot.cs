using System.Collections.Immutable;

namespace DynamicToolset.Cluster;

/// <summary>All Services at one moment: one part for each watch. Equal to an earlier one as long as no part was replaced.</summary>
public sealed record ServiceSnapshot(ImmutableArray<ImmutableDictionary<ObjectKey, ServiceRecord>> Parts)
{
    public static ServiceSnapshot Empty { get; } = new([]);

    public IEnumerable<ServiceRecord> Services => Parts.SelectMany(p => p.Values);

    /// <summary>What is another object than before, or was not there.</summary>
    public IEnumerable<ServiceRecord> ChangedSince(ServiceSnapshot before) => Pairs(before)
        .SelectMany(p => p.Now.Values.Where(s => !ReferenceEquals(p.Before.GetValueOrDefault(s.Key), s)));

    /// <summary>What is no longer there.</summary>
    public IEnumerable<ObjectKey> GoneSince(ServiceSnapshot before) => Pairs(before).SelectMany(p => p.Before.Keys.Where(k => !p.Now.ContainsKey(k)));

    public bool Equals(ServiceSnapshot? other) =>
        other is not null && Parts.Length == other.Parts.Length && !Parts.Where((part, i) => !ReferenceEquals(part, other.Parts[i])).Any();

    public override int GetHashCode() => Parts.Length;

    /// <summary>The parts that were replaced. Another number of parts is another configuration, which never happens while the program runs.</summary>
    private IEnumerable<(ImmutableDictionary<ObjectKey, ServiceRecord> Before, ImmutableDictionary<ObjectKey, ServiceRecord> Now)> Pairs(
        ServiceSnapshot before) => before.Parts.Zip(Parts).Where(p => !ReferenceEquals(p.First, p.Second));
}
