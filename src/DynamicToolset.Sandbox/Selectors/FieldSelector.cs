using System.Collections.Immutable;
using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Selectors;

/// <summary>A selection by <c>metadata.name</c> and <c>metadata.namespace</c>, and by the fields that a resource adds to them.</summary>
internal sealed class FieldSelector
{
    private readonly ImmutableArray<Term> _terms;
    private readonly ResourceRules? _rules;

    private FieldSelector(ImmutableArray<Term> terms, ResourceRules? rules)
    {
        _terms = terms;
        _rules = rules;
    }

    public static FieldSelector Everything { get; } = new([], null);

    public bool IsEmpty => _terms.IsEmpty;

    /// <exception cref="KubeStatusException">Unknown field or operator.</exception>
    public static FieldSelector Parse(string text, ResourceRules? rules = null) =>
        new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(term => ParseTerm(term, rules))], rules);

    public bool Matches(StoredObject value) => _terms.All(term => (ValueOf(value, term.Field) == term.Value) == term.IsEqual);

    private string ValueOf(StoredObject value, string field) => field switch
    {
        "metadata.name" => value.Key.Name,
        "metadata.namespace" => value.Key.Namespace,
        _ => _rules?.ValueOf(value.Read(), field) ?? "",
    };

    private static Term ParseTerm(string text, ResourceRules? rules)
    {
        int sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 0)
            throw KubeStatusException.BadRequest($"invalid selector: '{text}'; can't understand '{text}'");

        bool isEqual = sign == 0 || text[sign - 1] != '!';
        string field = text[..(isEqual ? sign : sign - 1)].Trim();
        if (field is not ("metadata.name" or "metadata.namespace") && rules?.SelectableFields.Contains(field) != true)
        {
            throw KubeStatusException.BadRequest(
                rules is null or { SelectableFields: [] }
                    ? $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                    : $"field label not supported: {field}");
        }

        return new Term(field, text[sign..].TrimStart('=').Trim(), isEqual);
    }

    private sealed record Term(string Field, string Value, bool IsEqual);
}
