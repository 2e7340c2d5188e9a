using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>How the text of a setting is read and shown.</summary>
/// <param name="Name">One or two words for tables: <c>duration</c>, <c>list</c>.</param>
/// <param name="Allowed">What is allowed, as it ends the sentence "allowed: …".</param>
/// <param name="Read">Gets the text without blanks around it; may be empty.</param>
/// <param name="Show">The one way to write a value; <see cref="Read"/> reads it back.</param>
/// <param name="IsList">A list may be written as a YAML list of texts, each of them without a comma.</param>
public sealed record SettingKind<T>(
    string Name, string Allowed, Func<string, ReadSetting<T>> Read, Func<T, string> Show, bool IsList = false)
    where T : notnull
{
    /// <summary>A kind whose values are lists of this kind's values, separated by commas.</summary>
    /// <param name="many">What is allowed, with the plural: <c>network ranges such as …</c>.</param>
    public SettingKind<ImmutableArray<T>> Many(string many) => new(
        "list",
        $"a comma list of {many}, or empty",
        ReadMany,
        values => string.Join(',', values.Select(Show)),
        IsList: true);

    private ReadSetting<ImmutableArray<T>> ReadMany(string text)
    {
        if (text.Length == 0)
            return SettingText.Of(ImmutableArray<T>.Empty);
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Read(item).TryGet(out T? value))
                return SettingText.Refused<ImmutableArray<T>>(item);
            if (!values.Contains(value))
                values.Add(value);
        }

        return SettingText.Of(values.ToImmutable());
    }
}
