namespace DynamicToolset.Bench.Clusters;

/// <summary>Files of the clone that this was built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>What <c>kubectl apply -k deploy/base</c> applies before the Deployment, in an order in which nothing is missing.</summary>
    public static IEnumerable<string> DeployedManifests() =>
        ((string[])["namespace", "serviceaccount", "rbac", "api-rbac"]).Select(name => File.ReadAllText(PathOf($"deploy/base/{name}.yaml")));

    private static string FindRoot()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "DynamicToolset.slnx")))
            root = Path.GetDirectoryName(root);
        return root ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside of a clone.");
    }
}
