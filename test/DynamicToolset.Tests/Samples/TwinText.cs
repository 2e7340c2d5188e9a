using System.Globalization;
using DynamicToolset.Discovery;

namespace DynamicToolset.Tests.Samples;

/// <summary>
/// A Service that a rule found, in the words of <see cref="ServiceText"/> with <c>compatible</c>, <c>beforeAll</c>, <c>wanted</c>, <c>unwanted</c>,
/// <c>priority:200</c> or <c>prefer:0</c>
/// among them. The selector's key <c>component</c> tells roles apart.
/// </summary>
internal static class TwinText
{
    public static TwinCandidate Parse(string line)
    {
        ILookup<bool, string> words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToLookup(IsOfRule);
        return new TwinCandidate(
            ServiceText.Parse(string.Join(' ', words[false])),
            NumberAfter("priority:", words[true]) ?? 100,
            words[true].Contains("compatible"),
            ["component"],
            NumberAfter("prefer:", words[true]) ?? int.MaxValue,
            words[true].Contains("beforeAll"),
            words[true].Contains("wanted") ? OwnerWish.Toolset : words[true].Contains("unwanted") ? OwnerWish.OptOut : OwnerWish.None);
    }

    private static bool IsOfRule(string word) =>
        word is "compatible" or "beforeAll" or "wanted" or "unwanted" || word.StartsWith("priority:", StringComparison.Ordinal) || word.StartsWith("prefer:", StringComparison.Ordinal);

    private static int? NumberAfter(string start, IEnumerable<string> words) =>
        words.FirstOrDefault(w => w.StartsWith(start, StringComparison.Ordinal)) is { } word
            ? int.Parse(word[start.Length..], CultureInfo.InvariantCulture)
            : null;
}
