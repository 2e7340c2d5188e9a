using System.Buffers;
using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Kubernetes.Serialization;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Kubernetes.Client;

public sealed partial class KubeApiClient
{
    private ConfigMapProjection ConfigMapFields => field ??= new ConfigMapProjection(_strings);

    /// <summary>Null where there is none.</summary>
    public async Task<ConfigMapRecord?> GetConfigMapAsync(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await AskForOneAsync(OnConfigMap("get", HttpMethod.Get, key, query: ""), AnswerBounds.ConfigMap, ReadConfigMap, cancellation);
        }
        catch (KubeApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>
    /// The one ConfigMap as a list of none or one. By field selector, since the right to list is granted for this name only.
    /// </summary>
    public Task<KubeList<ConfigMapRecord>> ListConfigMapAsync(ObjectKey key, CancellationToken cancellation) =>
        ListAsync(new KubeCall("list", "configmaps", key.Namespace, key.Name) { Method = HttpMethod.Get, PathAndQuery = ByName(key) + "&" }, ConfigMapFields, cancellation);

    /// <summary>The changes of the one ConfigMap after a version; see <see cref="WatchServicesAsync"/>.</summary>
    public IAsyncEnumerable<WatchEvent<ConfigMapRecord>> WatchConfigMapAsync(
        ObjectKey key, string resourceVersion, TimeSpan timeout, CancellationToken cancellation)
    {
        string path = ByName(key) + "&" + WatchQuery(resourceVersion, timeout);
        var call = new KubeCall("watch", "configmaps", key.Namespace, key.Name) { Method = HttpMethod.Get, PathAndQuery = path };
        return WatchAsync(call, ConfigMapFields, resourceVersion, timeout, cancellation);
    }

    /// <summary>
    /// Creates the ConfigMap, and does nothing else: where it exists, whatever its version, the API server answers 409.
    /// A server-side apply, because the right to create can be granted for a name only if the name is in the path; with a resource
    /// version that no object ever has, because an apply would otherwise change or even drop what is there.
    /// </summary>
    /// <exception cref="KubeApiException"><see cref="KubeApiException.IsConflict"/> where it exists.</exception>
    public Task<ConfigMapRecord> CreateConfigMapAsync(ObjectKey key, ConfigMapContent content, CancellationToken cancellation)
    {
        KubeCall call = OnConfigMap("create", HttpMethod.Patch, key, $"?fieldManager={FieldManager.Ours}&force=true");
        return AskForOneAsync(call with { Body = ConfigMapBody.Creation(key, content) }, AnswerBounds.ConfigMap, ReadConfigMap, cancellation);
    }

    /// <summary>Changes only what the patch names, and only if the ConfigMap is still at the version the patch was computed from.</summary>
    /// <exception cref="KubeApiException">
    /// <see cref="KubeApiException.IsConflict"/> where it is at another version, <see cref="KubeApiException.IsNotFound"/> where it is gone.
    /// </exception>
    public Task<ConfigMapRecord> PatchConfigMapAsync(ObjectKey key, ConfigMapPatch patch, CancellationToken cancellation)
    {
        KubeCall call = OnConfigMap("patch", HttpMethod.Patch, key, $"?fieldManager={FieldManager.Ours}");
        return AskForOneAsync(call with { Body = ConfigMapBody.Patch(patch) }, AnswerBounds.ConfigMap, ReadConfigMap, cancellation);
    }

    /// <inheritdoc/>
    public Task<ConfigMapRecord> DisownAsync(ObjectKey key, string resourceVersion, ImmutableArray<string> fields, CancellationToken cancellation)
    {
        KubeCall call = OnConfigMap("patch", HttpMethod.Patch, key, $"?fieldManager={FieldManager.Ours}");
        return AskForOneAsync(call with { Body = ConfigMapBody.Disowning(resourceVersion, fields) }, AnswerBounds.ConfigMap, ReadConfigMap, cancellation);
    }

    private ConfigMapRecord ReadConfigMap(ReadOnlySequence<byte> json) => ConfigMapFields.Read(json);

    private static KubeCall OnConfigMap(string verb, HttpMethod method, ObjectKey key, string query) =>
        new(verb, "configmaps", key.Namespace, key.Name)
        {
            Method = method,
            PathAndQuery = $"{ConfigMapsPath(key)}/{Uri.EscapeDataString(key.Name)}{query}",
        };

    private static string ByName(ObjectKey key) => $"{ConfigMapsPath(key)}?fieldSelector={Uri.EscapeDataString("metadata.name=" + key.Name)}";

    private static string ConfigMapsPath(ObjectKey key) => $"api/v1/namespaces/{Uri.EscapeDataString(key.Namespace)}/configmaps";
}
