using DynamicToolset.Cluster;

namespace DynamicToolset.Score;

/// <summary>A Service of which somebody said what it is.</summary>
/// <param name="Install">What was installed together: the Services of one install are looked at together, and by themselves.</param>
/// <param name="Wanted">Null where it should not be found.</param>
public sealed record LabeledService(string Install, ServiceRecord Service, WantedBackend? Wanted);
