using DynamicToolset.Kubernetes.Informers;
using DynamicToolset.Service.Detectors;
using DynamicToolset.Service.Probing;

namespace DynamicToolset.Service.Hosting;

/// <summary>What a round of the reconcile loop looks at. Each is kept up to date by a loop of its own.</summary>
public sealed record RoundSources(RuleSource Rules, ServiceSources Services, ConfigMapSource ConfigMap, ProbeLoop Probes, OwnerSource Owner);
