using DynamicToolset.Yaml;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>A place in a kubeconfig file. What is missing reads as empty; what is of the wrong shape is an error that names the place.</summary>
internal readonly record struct ConfigNode(string File, YamlNode? Node)
{
    private const string Remedy = "see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/";

    public bool IsMissing => Node is null or YamlNode.Scalar { IsNull: true };

    public string Place => Node is null ? File : $"{File}:{Node.Position}";

    public ConfigNode this[string key] => Node switch
    {
        YamlNode.Mapping mapping => new ConfigNode(File, mapping[key]),
        _ when IsMissing => new ConfigNode(File, null),
        _ => throw Wrong("must be a map"),
    };

    /// <summary>The text, null where it is missing or empty.</summary>
    public string? Text => Node switch
    {
        YamlNode.Scalar { IsNull: false, Text.Length: > 0 } scalar => scalar.Text,
        YamlNode.Scalar or null => null,
        _ => throw Wrong("must be a text"),
    };

    public bool Flag => Text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw Wrong("must be true or false"),
    };

    public IEnumerable<ConfigNode> Items
    {
        get
        {
            string file = File;
            return Node switch
            {
                YamlNode.Sequence sequence => sequence.Items.Select(item => new ConfigNode(file, item)),
                _ when IsMissing => [],
                _ => throw Wrong("must be a list"),
            };
        }
    }

    public KubeConfigException Wrong(string problem, string remedy = Remedy) => new(Place, problem, remedy);
}
