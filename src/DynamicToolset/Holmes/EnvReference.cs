using System.Text.RegularExpressions;

namespace DynamicToolset.Holmes;

/// <summary>The form in which HolmesGPT puts a variable of its environment into a text: <c>{{ env.NAME }}</c>.</summary>
internal static partial class EnvReference
{
    public static bool IsIn(string text) => Reference().IsMatch(text);

    public static bool HasBadName(string text) => Reference().Matches(text).Any(m => !Name().IsMatch(m.Groups[1].ValueSpan.TrimEnd()));

    public static string WithoutAll(string text) => Reference().Replace(text, "");

    [GeneratedRegex(@"\{\{\s*env\.([^{}]*)\}\}", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Name();
}
