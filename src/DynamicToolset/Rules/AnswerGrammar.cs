using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Forms;

namespace DynamicToolset.Rules;

/// <summary>How a request to a backend is written, and what its answer must be like.</summary>
internal static class AnswerGrammar
{
    public const string PointerAllowed = "a JSON pointer with at most 8 steps, such as /data/version";

    /// <summary>Below the path of the endpoint.</summary>
    public static Field<string> Path { get; } = new(
        "path",
        ScalarForm.Text("a plain path, and a query of unreserved characters, = and &, such as /api/v1/query?query=up", "/version", RequestPath.IsPlain),
        isRequired: true);

    public static Field<ImmutableArray<int>> Statuses { get; } =
        new("status", new ListForm<int>(ScalarForm.Whole(200, 599), "codes", mayBeEmpty: false));

    public static Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Headers { get; } = new(
        "headers", new PairsForm<TextCondition>("a map of headers", ConditionGrammar.AnyText, "X-Product", key => IsToken(key) ? null : "this is not the name of a header"));

    public static Field<ImmutableArray<KeyValuePair<string, TextCondition>>> Json { get; } = new(
        "json",
        new PairsForm<TextCondition>(
            "a map of JSON pointers", ConditionGrammar.AnyText, "/version", key => JsonPointer.TryParse(key) is null ? $"a key must be {PointerAllowed}" : null));

    /// <param name="what">That is known by it, as the message calls it.</param>
    public static AnswerCondition ConditionIn(Fields fields, string what, Action<string> refuse)
    {
        var when = new AnswerCondition(
            fields.Get(Statuses, []),
            fields.Get(Headers, []),
            [.. fields.Get(Json, []).Select(p => KeyValuePair.Create(JsonPointer.TryParse(p.Key)!, p.Value))]);
        if (when.Headers.IsEmpty && when.Json.IsEmpty)
            refuse($"{what} needs \"headers\" or \"json\": a status alone identifies nothing");
        return when;
    }

    /// <summary>RFC 9110, 5.6.2, as far as headers in use go.</summary>
    private static bool IsToken(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
