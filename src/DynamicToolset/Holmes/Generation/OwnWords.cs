using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// What an admin tells the model of a toolset, in <c>description</c> and <c>llm_instructions</c> of an override. It is put where our own words
/// would be, if it is plain text: HolmesGPT runs templates in it, and would send what a reference stands for to the model.
/// </summary>
internal static class OwnWords
{
    public const string Description = "description";

    public const string Instructions = "llm_instructions";

    public static bool IsOne(string key) => key is Description or Instructions;

    /// <summary>Both fields of an entry that asks this backend: the admin's words, else these of ours and where it is.</summary>
    public static (string, ToolsetValue)[] Of(Backend backend, string description, string instructions) =>
    [
        (Description, new ToolsetValue.Text(Read(backend, Description) ?? $"{description}: {backend.Place}.")),
        (Instructions, new ToolsetValue.Text(Read(backend, Instructions) ?? $"{instructions} It is {backend.Place}.")),
    ];

    /// <summary>Null where the admin said nothing, or nothing that may be written; the latter is among what is left out.</summary>
    public static string? Read(Backend backend, string key)
    {
        if (backend.Toolset.Body[key] is not { } value)
            return null;
        if (value is ToolsetValue.Text { Value: { Length: > 0 } text } && ConfigText.Read(text) is { HasReference: false, Text: { } plain })
            return plain;
        backend.LeftOut.Add(KeyPath.Of(key), "must be a text on one line, without quotes, dollar signs, templates and files");
        return null;
    }
}
