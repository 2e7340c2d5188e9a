namespace DynamicToolset.Bench.Clusters;

/// <summary>Somebody who may read the API of the service.</summary>
internal sealed record ReaderAccount(int Number)
{
    public string Name => $"reader-{Number}";

    public string Account => $$$"""
        {apiVersion: v1, kind: ServiceAccount, metadata: {name: {{{Name}}}, namespace: {{{ClusterContent.OwnNamespace}}}}}
        """;

    public string Binding => $$$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: {{{Name}}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: dynamic-toolset-reader}
        subjects: [{kind: ServiceAccount, name: {{{Name}}}, namespace: {{{ClusterContent.OwnNamespace}}}}]
        """;
}
