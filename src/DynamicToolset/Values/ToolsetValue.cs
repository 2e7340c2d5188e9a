using System.Collections.Immutable;

namespace DynamicToolset.Values;

/// <summary>A value in a toolset's configuration. Equal where the content is equal; the order of a map's keys counts.</summary>
public abstract record ToolsetValue
{
    private ToolsetValue()
    {
    }

    public sealed record Text(string Value) : ToolsetValue;

    /// <param name="Digits">As it will be written: a form that every reader takes for the same number.</param>
    public sealed record Number(string Digits) : ToolsetValue;

    public sealed record Flag(bool Value) : ToolsetValue;

    public sealed record Nothing : ToolsetValue;

    public sealed record List(ImmutableArray<ToolsetValue> Items) : ToolsetValue
    {
        public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

        public override int GetHashCode() => Items.Length;
    }

    public sealed record Map(ImmutableArray<KeyValuePair<string, ToolsetValue>> Entries) : ToolsetValue
    {
        public static Map Empty { get; } = new([]);

        public static Map Of(params ReadOnlySpan<(string Key, ToolsetValue Value)> entries)
        {
            var builder = ImmutableArray.CreateBuilder<KeyValuePair<string, ToolsetValue>>(entries.Length);
            foreach ((string key, ToolsetValue value) in entries)
                builder.Add(KeyValuePair.Create(key, value));
            return new Map(builder.MoveToImmutable());
        }

        /// <summary>The value of a key; null where the key is not there.</summary>
        public ToolsetValue? this[string key]
        {
            get
            {
                foreach ((string name, ToolsetValue value) in Entries)
                {
                    if (name == key)
                        return value;
                }

                return null;
            }
        }

        /// <summary>Compared one by one: the default comparison of pairs uses reflection, and this runs for every toolset in every round.</summary>
        public bool Equals(Map? other)
        {
            if (other is null || Entries.Length != other.Entries.Length)
                return false;
            for (int i = 0; i < Entries.Length; i++)
            {
                if (Entries[i].Key != other.Entries[i].Key || !Entries[i].Value.Equals(other.Entries[i].Value))
                    return false;
            }

            return true;
        }

        public override int GetHashCode() => Entries.Length;
    }
}
