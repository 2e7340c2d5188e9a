using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Holmes.Generation;
using DynamicToolset.Yaml;

namespace DynamicToolset.Reconciliation;

/// <summary>What the ConfigMap should say: our keys, our labels, our annotations and our owner. All else in it belongs to others.</summary>
/// <param name="Data">Our keys in the order in which they are shown.</param>
/// <param name="Annotations">Ours; a null is one that must not be there.</param>
/// <param name="KeepsUnknown">
/// True where the overrides in force are unknown: keys that are there may be the admin's wish, so none is changed or removed.
/// </param>
public sealed record DesiredConfigMap(
    ImmutableArray<KeyValuePair<string, string>> Data,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, string?> Annotations,
    bool KeepsUnknown)
{
    /// <summary>See https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/.</summary>
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";

    public const string ManagedBy = "dynamic-toolset";

    /// <summary>Line, column and kind of what is wrong with <c>overrides.yaml</c>; absent where nothing is.</summary>
    public const string OverrideErrorAnnotation = "kubernaut.io/override-error";

    /// <summary>When the data was last changed by this program. Written together with another change only, and never compared.</summary>
    public const string LastChangeAnnotation = "kubernaut.io/last-change";

    /// <summary>
    /// By which leader this object was last fenced: a random value for each term. It is never repaired; a leader that finds
    /// another value there stands for election anew.
    /// </summary>
    public const string LeaderEpochAnnotation = "kubernaut.io/leader-epoch";

    public DesiredOwner Owner { get; init; } = DesiredOwner.Unknown;

    /// <summary>
    /// Keys of ours that stay as they are, there or not there: what they should say could not be made, and what they say was good once.
    /// </summary>
    public ImmutableArray<string> KeptKeys { get; init; } = [];

    /// <param name="holders">See <see cref="HolderAnnotation"/>; null where there is nothing to say.</param>
    public static DesiredConfigMap Of(
        ImmutableArray<KeyValuePair<string, string>> data, YamlProblem? overrideProblem, bool keepsUnknown, string? holders = null) => new(
        data,
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(ManagedByLabel, ManagedBy),
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal)
            .Add(OverrideErrorAnnotation, overrideProblem is null ? null : $"{ToolsetKey.Overrides}:{overrideProblem}")
            .Add(HolderAnnotation.Name, holders),
        keepsUnknown);

    /// <summary>The same with the file for HolmesGPT; one that HolmesGPT would not take is not written, and neither is one that is to be kept.</summary>
    /// <param name="file">Null where none is wanted.</param>
    public DesiredConfigMap With(HolmesFile? file) => file switch
    {
        null => this,
        _ when KeptKeys.Contains(ToolsetKey.Holmes) => this,
        { IsRefused: true } => this with { KeptKeys = [ToolsetKey.Holmes] },
        _ => this with { Data = Data.Add(KeyValuePair.Create(ToolsetKey.Holmes, file.Text)) },
    };
}
