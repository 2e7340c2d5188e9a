using System.Buffers;
using System.Text.RegularExpressions;
using DynamicToolset.Messages;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// The last look at an entry before it is written: what would cost HolmesGPT the entry or the whole file, and URLs that a shell might take for
/// more. It looks at the tree, which the emitter writes as it is, and not at the text: that the text means the tree, and that no other rule is
/// broken, the tests say, which lint every file that they make.
/// </summary>
internal static partial class FitnessCheck
{
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(i => (char)i).Where(c => char.IsControl(c) && c is not ('\n' or '\t'))]);

    /// <summary>Null for an entry that is fit. Never a value: it may be a secret.</summary>
    public static string? ProblemOf(DraftEntry entry)
    {
        foreach ((string field, _) in entry.Body.Entries)
        {
            if (!EntryForms.IsKnown(field))
                return About(HolmesRules.UnknownField, field);
        }

        return ProblemOf(entry.Name, entry.Body);
    }

    private static string? ProblemOf(string key, ToolsetValue value) => value switch
    {
        _ when key.Contains('.') => About(HolmesRules.DottedKey, key),
        ToolsetValue.Nothing => About(HolmesRules.NullValue, key),
        ToolsetValue.Text { Value: var text } when text.AsSpan().ContainsAny(Controls) => About(HolmesRules.ControlCharacter, key),
        ToolsetValue.Text { Value: var text } when key == "command" && OpenUrl().IsMatch(text) => About(HolmesRules.UrlNotPlain, key),
        ToolsetValue.Map map => map.Entries.Select(e => ProblemOf(e.Key, e.Value)).FirstOrDefault(p => p is not null),
        ToolsetValue.List list => list.Items.Select(i => ProblemOf(key, i)).FirstOrDefault(p => p is not null),
        _ => null,
    };

    private static string About(HolmesRule rule, string key) => rule.MessageAbout(QuotedText.Of(key));

    /// <summary>One that is not in single quotes from its beginning, or has more in it than a plain one up to the quote.</summary>
    [GeneratedRegex(@"(?<!')https?://|'https?://(?![a-z0-9.-]+:[0-9]{1,5}(/[A-Za-z0-9._~/-]*)?')", RegexOptions.IgnoreCase, PatternTimeout.None)]
    private static partial Regex OpenUrl();
}
