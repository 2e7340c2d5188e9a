using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Holmes.Generation;

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
    /// <summary>
    /// Of our own domain: of <c>app.kubernetes.io/managed-by</c> Helm wants to find <c>Helm</c> before it adopts an object
    /// (https://helm.sh/docs/chart_best_practices/labels/), and who repairs that label fights with it.
    /// </summary>
    public const string ManagedByLabel = "kubernaut.io/managed-by";

    /// <summary>Where earlier versions had the same value. It goes when the new one comes, and is nobody's business afterwards.</summary>
    public const string FormerManagedByLabel = "app.kubernetes.io/managed-by";

    public const string ManagedBy = "dynamic-toolset";

    /// <summary>File, line, column and kind of what is wrong with <c>overrides.yaml</c>, or a file below it; absent where nothing is.</summary>
    public const string OverrideErrorAnnotation = "kubernaut.io/override-error";

    /// <summary>When the data was last changed by this program. Written together with another change only, and never compared.</summary>
    public const string LastChangeAnnotation = "kubernaut.io/last-change";

    /// <summary>
    /// By which leader this object was last fenced: a random value for each term. It is never repaired; a leader that finds
    /// another value there stands for election anew.
    /// </summary>
    public const string LeaderEpochAnnotation = "kubernaut.io/leader-epoch";

    /// <summary>What it was made with, as hashes. Written together with another change only, and never compared.</summary>
    public const string MadeWithAnnotation = "kubernaut.io/made-with";

    /// <summary>See <see cref="MadeWithAnnotation"/>; null where it is not told.</summary>
    public string? MadeWith { get; init; }

    public DesiredOwner Owner { get; init; } = DesiredOwner.Unknown;

    /// <summary>
    /// Keys of ours that stay as they are, there or not there: what they should say could not be made, and what they say was good once.
    /// </summary>
    public ImmutableArray<string> KeptKeys { get; init; } = [];

    /// <param name="overrideProblem">Null where there is none.</param>
    /// <param name="holders">See <see cref="HolderAnnotation"/>; null where there is nothing to say.</param>
    public static DesiredConfigMap Of(
        ImmutableArray<KeyValuePair<string, string>> data, string? overrideProblem, bool keepsUnknown, string? holders = null) => new(
        data,
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(ManagedByLabel, ManagedBy),
        ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal)
            .Add(OverrideErrorAnnotation, overrideProblem)
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
