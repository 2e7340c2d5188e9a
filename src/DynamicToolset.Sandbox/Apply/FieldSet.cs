using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Apply;

/// <summary>
/// A set of fields of one object, in the form of FieldsV1: <c>f:name</c> for a field, <c>k:{…}</c> for an item of an associative
/// list, <c>v:…</c> for a value of a set, and <c>.</c> for the parent itself
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
/// </summary>
/// <param name="IsMember">The place itself is in the set, not only places below it.</param>
internal sealed record FieldSet(bool IsMember, ImmutableSortedDictionary<string, FieldSet> Children)
{
    private const string Self = ".";

    public static FieldSet Empty { get; } = new(false, ImmutableSortedDictionary.Create<string, FieldSet>(StringComparer.Ordinal));

    public static FieldSet Leaf { get; } = Empty with { IsMember = true };

    public bool IsEmpty => !IsMember && Children.IsEmpty;

    public static FieldSet Parse(JsonObject fields)
    {
        ImmutableSortedDictionary<string, FieldSet>.Builder children = Empty.Children.ToBuilder();
        foreach ((string name, JsonNode? child) in fields)
        {
            if (name != Self)
                children[name] = Parse(child as JsonObject ?? []);
        }

        return new FieldSet(fields.Count == 0 || fields.ContainsKey(Self), children.ToImmutable());
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject();
        if (IsMember && !Children.IsEmpty)
            result[Self] = new JsonObject();

        foreach ((string name, FieldSet child) in Children)
            result[name] = child.ToJson();

        return result;
    }

    public FieldSet Child(string name) => Children.GetValueOrDefault(name, Empty);

    /// <summary>This set with another child of that name; an empty child is left out.</summary>
    public FieldSet With(string name, FieldSet child) =>
        this with { Children = child.IsEmpty ? Children.Remove(name) : Children.SetItem(name, child) };

    public FieldSet Union(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty)
            return IsEmpty ? other : this;
        ImmutableSortedDictionary<string, FieldSet>.Builder children = Children.ToBuilder();
        foreach ((string name, FieldSet child) in other.Children)
            children[name] = Child(name).Union(child);

        return new FieldSet(IsMember || other.IsMember, children.ToImmutable());
    }

    public FieldSet Except(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty)
            return this;
        ImmutableSortedDictionary<string, FieldSet>.Builder children = Children.ToBuilder();
        foreach ((string name, FieldSet child) in other.Children)
            Put(children, name, Child(name).Except(child));

        return new FieldSet(IsMember && !other.IsMember, children.ToImmutable());
    }

    public FieldSet Intersect(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty)
            return Empty;
        ImmutableSortedDictionary<string, FieldSet>.Builder children = Children.ToBuilder();
        foreach ((string name, FieldSet child) in Children)
            Put(children, name, child.Intersect(other.Child(name)));

        return new FieldSet(IsMember && other.IsMember, children.ToImmutable());
    }

    /// <summary>Whether both hold the same fields (records compare dictionaries by reference).</summary>
    public bool SameAs(FieldSet other) => Except(other).IsEmpty && other.Except(this).IsEmpty;

    /// <summary>All fields as paths in the notation of conflict messages, for example <c>.data.key</c> or <c>.spec.ports[port=80,protocol="TCP"].name</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember)
            yield return prefix;

        foreach (string path in Children.SelectMany(child => child.Value.Paths(prefix + Notation(child.Key))))
            yield return path;
    }

    private static void Put(ImmutableSortedDictionary<string, FieldSet>.Builder children, string name, FieldSet child)
    {
        if (child.IsEmpty)
            children.Remove(name);
        else
            children[name] = child;
    }

    private static string Notation(string element)
    {
        string rest = element[2..];
        return element[0] switch
        {
            'f' => $".{rest}",
            'k' when JsonNode.Parse(rest) is JsonObject keys =>
                $"[{string.Join(',', keys.Select(key => $"{key.Key}={key.Value?.ToJsonString()}"))}]",
            _ => $"[{rest}]",
        };
    }
}
