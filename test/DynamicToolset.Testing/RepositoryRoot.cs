namespace DynamicToolset.Testing;

/// <summary>The folder that everything of the project lies in; tests run from a folder below it.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(System.IO.Path.Combine(root, "DynamicToolset.slnx")))
            root = System.IO.Path.GetDirectoryName(root);
        return root ?? throw new DirectoryNotFoundException($"There is no DynamicToolset.slnx above {AppContext.BaseDirectory}.");
    }
}
