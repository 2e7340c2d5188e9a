using System.Collections.Immutable;

namespace DynamicToolset.Capabilities;

/// <summary>Requests by which a backend lists the names of what it stores.</summary>
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
