using DynamicToolset.Messages;

namespace DynamicToolset.Yaml;

/// <summary>
/// Counts the nodes that are made of one text, or of several: a value, a key, a list or a map, each of which takes a hundred bytes, be it one
/// letter of the text. Or of those only some.
/// </summary>
public sealed class NodeCounter(Bound most)
{
    internal long Count { get; set; }

    internal bool IsExceeded => Count > most.Most;

    /// <exception cref="TooManyNodesException">There are more than may be.</exception>
    internal void Add(YamlPosition position)
    {
        Count++;
        if (IsExceeded)
            throw new TooManyNodesException(position, most);
    }
}

internal sealed class TooManyNodesException(YamlPosition position, Bound most) : Exception
{
    public YamlProblem Problem => new(position, $"Here the text comes to more than {most}: shorten it", IsReadElsewhere: true);
}
