using System.Text.RegularExpressions;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// A text of somebody else on its way into a config. <c>${NAME}</c>, which is how the toolset keys refer to the reader's environment,
/// becomes <c>{{ env.NAME }}</c>; nothing else that means something to HolmesGPT, to a template or to a shell gets through.
/// </summary>
/// <param name="Text">What may be written; null where there is a problem.</param>
/// <param name="Problem">Why it may not.</param>
internal sealed partial record ConfigText(string? Text, string? Problem, bool HasReference)
{
    private const string Forbidden = "has a quote, a template, a dollar sign, a control character or a file in it; write plain text and ${NAME}";

    public static ConfigText Read(string text)
    {
        bool refers = Reference().IsMatch(text);
        string rest = Reference().Replace(text, "");
        // A brace next to a reference would change the template.
        if (!IsHarmless(rest) || (refers && rest.AsSpan().ContainsAny('{', '}')))
            return new ConfigText(null, Forbidden, refers);
        return new ConfigText(Reference().Replace(text, "{{ env.$1 }}"), null, refers);
    }

    /// <summary>The variable's name where the text is one <c>${NAME}</c> and no more.</summary>
    public static string? NameIn(string text) => Reference().Match(text) is { Success: true } match && match.Length == text.Length
        ? match.Groups[1].Value
        : null;

    private static bool IsHarmless(string text) =>
        !text.AsSpan().ContainsAny("$`'\"")
        && !text.Any(char.IsControl)
        && !TextChecks.HasTemplate(text)
        && !TextChecks.HasFile(text);

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Reference();
}
