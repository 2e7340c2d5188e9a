using DynamicToolset.Messages;

namespace DynamicToolset.Cluster;

/// <summary>
/// Who keeps a Service as it is, and undoes what others change of its labels and ports: an operator, Helm, a GitOps tool. Annotations of others stay.
/// </summary>
public static class ServiceKeeper
{
    private const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>By a label or annotation of that name, or one that begins so.</summary>
    private static readonly (string Key, string Keeper)[] Marks =
    [
        ("meta.helm.sh/release-name", "Helm"),
        ("helm.sh/chart", "Helm"),
        ("heritage", "Helm"),
        ("argocd.argoproj.io/", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/", "Flux"),
        ("helm.toolkit.fluxcd.io/", "Flux"),
        ("objectset.rio.cattle.io/", "Rancher"),
        ("addonmanager.kubernetes.io/", "the add-on manager"),
        ("olm.", "the Operator Lifecycle Manager"),
        ("operators.coreos.com/", "the Operator Lifecycle Manager"),
        ("operated-", "an operator"),
        ("operator-sdk/", "an operator"),
    ];

    /// <summary>Its name for a person; null where nothing shows that there is one.</summary>
    public static string? Of(ServiceRecord service)
    {
        if (service.Labels.GetValueOrDefault(ManagedBy) is { Length: > 0 } manager)
            return QuotedText.OrPlain(manager);
        foreach ((string key, string keeper) in Marks)
        {
            if (Has(service.Labels, key) || Has(service.Annotations, key))
                return keeper;
        }

        return service.IsControlled ? "the controller that owns it" : null;
    }

    private static bool Has(IReadOnlyDictionary<string, string> pairs, string key) =>
        key[^1] is '/' or '.' or '-' ? pairs.Keys.Any(k => k.StartsWith(key, StringComparison.Ordinal)) : pairs.ContainsKey(key);
}
