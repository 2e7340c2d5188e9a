namespace DynamicToolset.Yaml;

/// <summary>A place in a text. Both numbers start at 1; columns count UTF-16 code units.</summary>
public readonly record struct YamlPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
