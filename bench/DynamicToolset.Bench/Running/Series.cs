using DynamicToolset.Bench.Figures;

namespace DynamicToolset.Bench.Running;

/// <summary>What was seen of a change that was made again and again.</summary>
/// <param name="Taken">The part of it until the API server had taken the change.</param>
/// <param name="MostWrites">Of the ConfigMap, after one change; the change itself counts where it is one of the ConfigMap.</param>
internal sealed record Series(Sample Latency, Sample Taken, int MostWrites);
