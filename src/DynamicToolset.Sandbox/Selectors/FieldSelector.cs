using System.Collections.Immutable;
using DynamicToolset.Discovery;

namespace DynamicToolset.Sandbox.Selectors;

/// <summary>A selection by <c>metadata.name</c> and <c>metadata.namespace</c>, the fields that every resource can be selected by.</summary>
internal sealed class FieldSelector
{
    private readonly ImmutableArray<Term> _terms;

    private FieldSelector(ImmutableArray<Term> terms) => _terms = terms;

    public static FieldSelector Everything { get; } = new([]);

    public bool IsEmpty => _terms.IsEmpty;

    /// <exception cref="KubeStatusException">Unknown field or operator.</exception>
    public static FieldSelector Parse(string text) =>
        new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ParseTerm)]);

    public bool Matches(ObjectKey key) => _terms.All(term => (term.ValueIn(key) == term.Value) == term.IsEqual);

    private static Term ParseTerm(string text)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 0)
        {
            throw KubeStatusException.BadRequest($"invalid selector: '{text}'; can't understand '{text}'");
        }

        bool isEqual = sign == 0 || text[sign - 1] != '!';
        string field = text[..(isEqual ? sign : sign - 1)].Trim();
        if (field is not ("metadata.name" or "metadata.namespace"))
        {
            throw KubeStatusException.BadRequest($"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        }

        return new Term(field, text[sign..].TrimStart('=').Trim(), isEqual);
    }

    private sealed record Term(string Field, string Value, bool IsEqual)
    {
        public string ValueIn(ObjectKey key) => Field == "metadata.name" ? key.Name : key.Namespace;
    }
}
