using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>
/// One or several kubeconfig files, YAML or JSON, read as one: of entries with the same name the first file's counts, as with kubectl.
/// </summary>
internal sealed class KubeConfigFiles
{
    private readonly ImmutableArray<ConfigNode> _roots;

    private KubeConfigFiles(string origin, ImmutableArray<ConfigNode> roots)
    {
        Origin = origin;
        _roots = roots;
    }

    public string Origin { get; }

    /// <summary>Null where no file names one.</summary>
    public string? CurrentContext => _roots.Select(root => root["current-context"].Text).FirstOrDefault(name => name is not null);

    /// <param name="setting">One path, which must exist, or several with colons between them, of which at least one must.</param>
    /// <exception cref="KubeConfigException">A file is missing, unreadable or no kubeconfig.</exception>
    public static KubeConfigFiles Load(string setting)
    {
        string[] paths = setting.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (paths.Length == 0)
            throw new KubeConfigException("KUBECONFIG", $"{QuotedText.Of(setting)} names no file", "set it to the path of a kubeconfig file, or leave it out for ~/.kube/config");
        string[] present = paths.Length > 1 ? [.. paths.Where(Path.Exists)] : paths;
        if (present.Length == 0)
            throw new KubeConfigException(string.Join(", ", paths), "no such file", "set KUBECONFIG to kubeconfig files, at least one of which exists");
        ImmutableArray<ConfigNode> roots = [.. present.Select(path => LoadOne(Path.GetFullPath(path)))];
        return roots.All(root => root.Node is null)
            ? throw new KubeConfigException(string.Join(", ", present), "it is empty", "set KUBECONFIG to a kubeconfig file with a cluster and a context")
            : new KubeConfigFiles(setting, roots);
    }

    /// <summary>The first entry of that name in <c>clusters</c>, <c>users</c> or <c>contexts</c>.</summary>
    /// <param name="kind">Under which the entry's own map stands: <c>cluster</c>, <c>user</c> or <c>context</c>.</param>
    /// <exception cref="KubeConfigException">There is none.</exception>
    public ConfigNode Find(string kind, string name, string askedBy)
    {
        string section = kind + "s";
        foreach (ConfigNode entry in _roots.SelectMany(root => root[section].Items))
        {
            if (entry["name"].Text == name)
                return entry[kind];
        }

        throw new KubeConfigException(askedBy, $"there is no {kind} named \"{name}\"", $"add it under {section}, or name another one");
    }

    private static ConfigNode LoadOne(string path)
    {
        YamlReading reading = YamlReader.ReadAsKubectl(ReadText(path), ConnectionBounds.KubeconfigNodes);
        if (reading.Problem is { } problem)
            throw new KubeConfigException($"{path}:{problem.Position}", problem.Message, "fix the file");
        return new ConfigNode(path, reading.Documents.FirstOrDefault());
    }

    private static string ReadText(string path)
    {
        try
        {
            return BoundedInput.ReadText(path, ConnectionBounds.Kubeconfig);
        }
        catch (InputTooLargeException e)
        {
            throw new KubeConfigException(path, e.Message, "keep only the contexts that you need: kubectl config view --minify --flatten", e);
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new KubeConfigException(path, "is a directory", "set KUBECONFIG to the kubeconfig file in it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string problem = e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : "cannot be read";
            throw new KubeConfigException(path, problem, "set KUBECONFIG to a kubeconfig file that this process may read", e);
        }
    }
}
