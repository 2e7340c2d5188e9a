using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.HealthCheck;
using DynamicToolset.Overrides;
using DynamicToolset.Pipeline;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Rounds;

/// <summary>What one round leaves to the next. Nothing in it comes from a decision that was not carried out.</summary>
public sealed record RoundMemory
{
    public static RoundMemory Start { get; } = new();

    /// <summary>When the first round took place; null before.</summary>
    public TimeSpan? StartedAt { get; init; }

    public DetectedServices Detected { get; init; } = DetectedServices.None;

    /// <summary>
    /// In which form each endpoint is known to answer, where that is another one than its Service shows; those too that are not checked now, so that they are
    /// not asked in the wrong one.
    /// </summary>
    public ImmutableDictionary<EndpointKey, EndpointForm> Forms { get; init; } = ImmutableDictionary<EndpointKey, EndpointForm>.Empty;

    public Sightings Sightings { get; init; } = Sightings.None;

    /// <summary>Who holds a name in the ConfigMap that was seen last.</summary>
    public Incumbents Holders { get; init; } = Incumbents.None;

    /// <summary>The version of the ConfigMap from which <see cref="Holders"/> was read; null where there was none.</summary>
    public string? HoldersReadFrom { get; init; }

    public CapabilityLines Lines { get; init; } = CapabilityLines.None;

    public OverrideState Overrides { get; init; } = OverrideState.Start;

    /// <summary>Those that the ConfigMap was last known to be right by: what was read and never written is not what stays in force.</summary>
    public OverrideState OverridesInPlace { get; init; } = OverrideState.Start;

    /// <summary>What <see cref="Overrides"/> was read from: the text, or that it stands where none is read. Most writes leave it as it is.</summary>
    public (string? Text, bool IsBinary) OverridesReadFrom { get; init; }

    /// <summary>The version of the ConfigMap that brought them; null where the first one that was seen had them.</summary>
    public string? OverridesSince { get; init; }

    /// <summary>From which what would come out the same is taken over.</summary>
    public PipelineResult? Result { get; init; }

    /// <summary>What was wanted when the ConfigMap was last known to be right; null before.</summary>
    public DesiredConfigMap? InPlace { get; init; }

    /// <summary>Of the last term in which the ConfigMap was known to be fenced; null before.</summary>
    public string? Fence { get; init; }

    public YieldedFence? Yielded { get; init; }

    public ConfigMapWrite? LastWrite { get; init; }

    public FightTracker Fights { get; init; } = FightTracker.Peace;

    /// <summary>When the ConfigMap was first seen not to be there; null while it is.</summary>
    public TimeSpan? MissingSince { get; init; }

    /// <summary>Since when a write waits for others that would follow at once; null while none does.</summary>
    public TimeSpan? GatheringSince { get; init; }

    /// <summary>What others have put in place; null from when this replica alone says what is.</summary>
    public PresentToolsets? ByOthers { get; init; }

    /// <summary>The Services that are seen were found to be those of the toolsets: what goes with its Service goes rightly.</summary>
    public bool IsClusterBelieved { get; init; }

    /// <summary>And the checks as well, so that a removal is believed, however large.</summary>
    public bool IsRemovalBelieved { get; init; }

    /// <summary>Once everything that was healthy had been asked what it is: the first write waits for that as it does for the first checks.</summary>
    public bool AreFirstAnswersThere { get; init; }

    /// <summary>The owners that the API server did not take; null where it took them all.</summary>
    public OwnerRefusal? OwnerRefusal { get; init; }
}

/// <param name="Known">What was known of the Deployment when its reference was refused: what is learnt later is tried anew.</param>
/// <param name="Until">When it is tried again all the same.</param>
public sealed record OwnerRefusal(OwnerState Known, OwnersRefusal Why, TimeSpan Until);
