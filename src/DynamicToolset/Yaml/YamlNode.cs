using System.Collections.Immutable;

namespace DynamicToolset.Yaml;

/// <summary>A node of a parsed document that still knows where it stood. Scalars are kept as text: what they mean depends on the reader.</summary>
public abstract record YamlNode
{
    private YamlNode(YamlPosition position) => Position = position;

    /// <summary>Where the node begins.</summary>
    public YamlPosition Position { get; }

    /// <param name="IsPlain">True where the text stood without quotes, so that it may mean a number, a boolean or null.</param>
    public sealed record Scalar(string Text, bool IsPlain, YamlPosition Position) : YamlNode(Position)
    {
        /// <summary>True for an empty plain scalar, <c>~</c> and <c>null</c>.</summary>
        public bool IsNull => IsPlain && (Text is "" or "~" or "null" or "Null" or "NULL");
    }

    public sealed record Sequence(ImmutableArray<YamlNode> Items, YamlPosition Position) : YamlNode(Position);

    public sealed record Mapping(ImmutableArray<YamlEntry> Entries, YamlPosition Position) : YamlNode(Position)
    {
        /// <summary>The value of a key; null where the key is not there.</summary>
        public YamlNode? this[string key]
        {
            get
            {
                foreach (YamlEntry entry in Entries)
                {
                    if (entry.Key == key)
                        return entry.Value;
                }

                return null;
            }
        }
    }
}
