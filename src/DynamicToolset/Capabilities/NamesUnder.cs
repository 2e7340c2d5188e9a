using System.Collections.Immutable;

namespace DynamicToolset.Capabilities;

/// <summary>The names by which a backend can be asked for what it keeps, where it answers with a list of them.</summary>
internal static class NamesUnder
{
    /// <param name="key">Of the list.</param>
    /// <param name="heading">What the names are of.</param>
    public static string? Read(ReadOnlyMemory<byte> body, string key, string heading)
    {
        if (JsonStart.Texts(body.Span, key) is not { } all)
            return null;
        ImmutableArray<string> shown = [.. all.Where(ShownText.IsName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return NameList.Of(heading, shown, hasOthers: all.Any(n => !ShownText.IsName(n)));
    }
}
