using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DynamicToolset.Service.Options;

/// <summary>Reads the text of a setting, without blanks around it; it may be empty. False where it is refused.</summary>
public delegate bool TryRead<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>How the text of a setting is read and shown.</summary>
/// <param name="Allowed">What is allowed, as it ends the sentence "allowed: …".</param>
/// <param name="Show">The one way to write a value; <paramref name="TryRead"/> reads it back.</param>
public sealed record SettingKind<T>(string Allowed, TryRead<T> TryRead, Func<T, string> Show)
{
    /// <summary>Finds the item of a refused list that is at fault; null where a value is no list.</summary>
    public Func<string, string>? FindCulprit { get; private init; }

    /// <summary>All that may be written, where that is a few words; else empty.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>A kind whose values are lists of this kind's values, separated by commas.</summary>
    /// <param name="many">What is allowed, with the plural: <c>network ranges such as …</c>.</param>
    public SettingKind<ImmutableArray<T>> Many(string many) => new(
        $"a comma list of {many}, or empty", TryReadMany, values => string.Join(',', values.Select(Show)))
    {
        FindCulprit = text => Items(text).First(item => !TryRead(item, out _)),
    };

    private bool TryReadMany(string text, out ImmutableArray<T> values)
    {
        values = [];
        var read = ImmutableArray.CreateBuilder<T>();
        foreach (string item in Items(text))
        {
            if (!TryRead(item, out T? value))
                return false;
            if (!read.Contains(value))
                read.Add(value);
        }

        values = read.ToImmutable();
        return true;
    }

    private static string[] Items(string text) => text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
}
