using System.Collections.Immutable;

namespace DynamicToolset.Rules;

/// <summary>Names one field of a JSON text, as RFC 6901 writes it: <c>/data/version</c>.</summary>
public sealed record JsonPointer
{
    private const int MostSteps = 8;

    private const int Longest = 256;

    private JsonPointer(string text, ImmutableArray<string> steps) => (Text, Steps) = (text, steps);

    public string Text { get; }

    /// <summary>Keys, or indexes of lists.</summary>
    public ImmutableArray<string> Steps { get; }

    /// <summary>Null where the text is none, names the whole, or has more than eight steps.</summary>
    public static JsonPointer? TryParse(string text)
    {
        if (text.Length is < 2 or > Longest || text[0] != '/')
            return null;
        string[] steps = text[1..].Split('/');
        bool isRight = steps.Length <= MostSteps && steps.All(IsStep);
        return isRight ? new JsonPointer(text, [.. steps.Select(Unescape)]) : null;
    }

    public bool Equals(JsonPointer? other) => Text == other?.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    /// <summary>A tilde is written <c>~0</c>, and a slash <c>~1</c>.</summary>
    private static bool IsStep(string step) => !step.Replace("~0", "", StringComparison.Ordinal).Replace("~1", "", StringComparison.Ordinal).Contains('~', StringComparison.Ordinal);

    private static string Unescape(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
