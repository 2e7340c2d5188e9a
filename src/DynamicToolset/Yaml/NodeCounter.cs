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

    /// <exception cref="YamlProblemException">There are more than may be.</exception>
    internal void Add(YamlPosition position, long nodes = 1)
    {
        Count += nodes;
        if (IsExceeded)
            throw new YamlProblemException(new YamlProblem(position, $"Here the text has more than {most}: shorten it", IsReadElsewhere: true));
    }
}
