using DynamicToolset.Forms;

namespace DynamicToolset.Tests.Forms;

/// <summary>What people and programs write where something else belongs.</summary>
internal static class Shapes
{
    public static (string Name, string Yaml)[] All { get; } =
    [
        ("null", "~"), ("empty-list", "[]"), ("list", "[some]"), ("empty-map", "{}"), ("map", "{some: thing}"), ("number", "7"), ("negative", "-7"), ("fraction", "1.5"),
        ("boolean", "true"), ("empty-text", "''"), ("text", "some words"),
    ];

    /// <summary>The same, in the table of a grammar: a line for each place, with the shapes that are taken and what else is asked for.</summary>
    public static string Line(Place place, IEnumerable<string> taken) =>
        $"{place.Path,-46} {string.Join(' ', taken.DefaultIfEmpty("-")),-40} {place.Form.Allowed}\n";

    /// <summary>The example of a place with its letters in the other case; null where case means nothing.</summary>
    public static string? InOtherCase(Form form) => form.Allowed.StartsWith("one of ", StringComparison.Ordinal) && form.Item is null && form.Fields.IsEmpty
        ? string.Concat(form.Example.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))
        : null;
}
