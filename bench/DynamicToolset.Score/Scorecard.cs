using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;

namespace DynamicToolset.Score;

/// <summary>How well a detector finds what labeled Services are, for each type that it knows.</summary>
public sealed record Scorecard(ImmutableArray<TypeScore> Types)
{
    public static Scorecard Of(Detector detector, IEnumerable<LabeledService> services)
    {
        ImmutableArray<Verdict> verdicts = [.. services.GroupBy(s => s.Install).SelectMany(install => Judge(detector, [.. install]))];
        return new Scorecard([.. detector.Rules.Types.Select(t => TypeScore.Of(t.Name, verdicts))]);
    }

    private static IEnumerable<Verdict> Judge(Detector detector, ImmutableArray<LabeledService> install)
    {
        IEnumerable<Detection.Matched> detected = detector.DetectAll(install.Select(s => s.Service)).OfType<Detection.Matched>();
        Dictionary<ObjectKey, Detection.Matched> found = new NameResolver(detector.Rules, [])
            .Resolve(detected, Incumbents.None)
            .ToDictionary(e => e.Detection.Service.Key, e => e.Detection);
        return install.Select(s => new Verdict(s, found.GetValueOrDefault(s.Service.Key)));
    }
}
