using System.Globalization;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Client;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Reconciliation;

/// <summary>Takes the one step that a plan names. The only code that writes the ConfigMap.</summary>
public sealed class ConfigMapReconciler(IKubeApi api, ObjectKey key, TimeProvider time)
{
    public ObjectKey Key { get; } = key;

    /// <summary>The ConfigMap as it is now.</summary>
    public Task<ConfigMapRecord?> ReadAsync(CancellationToken cancellation) => api.GetConfigMapAsync(Key, cancellation);

    /// <summary>The ConfigMap as it is after the step; null where the plan is not to write.</summary>
    /// <exception cref="KubeApiException">
    /// <see cref="KubeApiException.IsConflict"/> or <see cref="KubeApiException.IsNotFound"/> where it is no longer as it was when the
    /// plan was made: read it and plan again.
    /// </exception>
    public async Task<ConfigMapRecord?> ExecuteAsync(ConfigMapPlan plan, CancellationToken cancellation) => plan switch
    {
        ConfigMapPlan.Create create => await api.CreateConfigMapAsync(Key, Stamp(create.Content), cancellation),
        ConfigMapPlan.Patch patch => await api.PatchConfigMapAsync(Key, Stamp(patch.Changes), cancellation),
        _ => null,
    };

    private ConfigMapContent Stamp(ConfigMapContent content) =>
        content with { Annotations = content.Annotations.SetItem(DesiredConfigMap.LastChangeAnnotation, Now()) };

    /// <summary>A patch that changes nothing is a question, and no change either.</summary>
    private ConfigMapPatch Stamp(ConfigMapPatch patch) =>
        patch.IsEmpty ? patch : patch with { Annotations = patch.Annotations.SetItem(DesiredConfigMap.LastChangeAnnotation, Now()) };

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
