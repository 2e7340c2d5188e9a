using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Configuration;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Values of a merged config on their way into the file. What cannot go there is left out, and said.</summary>
internal static partial class ConfigValues
{
    private const string IsNull = "is null, which HolmesGPT does not take: leave the key out";

    /// <summary>Null where it is left out.</summary>
    /// <param name="key">The last part of the path.</param>
    public static ToolsetValue? Read(ToolsetValue value, string key, string path, ConfigValueKind kind, LeftOut leftOut)
    {
        (ToolsetValue? read, string? problem) = kind switch
        {
            _ when value is ToolsetValue.Nothing => (null, IsNull),
            ConfigValueKind.Text => ReadText(value, key),
            ConfigValueKind.Link => ReadLink(value, key),
            ConfigValueKind.WholeNumber => ReadNumber(value),
            ConfigValueKind.Switch => value is ToolsetValue.Flag ? (value, null) : (null, "must be true or false"),
            ConfigValueKind.Duration => ReadDuration(value),
            _ when value is ToolsetValue.Map map => (ReadTexts(map, path, leftOut), null),
            _ => (null, "must be a map of texts"),
        };
        if (problem is not null)
            leftOut.Add(path, problem);
        return read;
    }

    /// <summary>Whole seconds, at least one. Null for what is no duration.</summary>
    public static int? ReadSeconds(ToolsetValue value)
    {
        if (value is not ToolsetValue.Text text || !GoDuration.TryParse(text.Value, out TimeSpan duration) || duration.TotalDays > 1)
            return null;
        return Math.Max(1, (int)Math.Ceiling(duration.TotalSeconds));
    }

    public static bool IsPlainKey(string key) => PlainKey().IsMatch(key);

    private static (ToolsetValue?, string?) ReadText(ToolsetValue value, string key)
    {
        // An unquoted 42 in YAML is a number, and where HolmesGPT wants a text it takes no number.
        string? text = value switch
        {
            ToolsetValue.Text t => t.Value,
            ToolsetValue.Number n => n.Digits,
            _ => null,
        };
        if (text is null)
            return (null, "must be a text");
        ConfigText read = ConfigText.Read(text);
        if (read.Problem is null && !read.HasReference && ConfigValueChecks.IsSecret(key, text))
            return (null, "is a secret that is written out: write ${NAME} and give HolmesGPT's pod that variable");
        return (read.Text is null ? null : new ToolsetValue.Text(read.Text), read.Problem);
    }

    /// <summary>It stays as it is written, and may have a query and a fragment. A reference would be filled in for whoever reads the link.</summary>
    private static (ToolsetValue?, string?) ReadLink(ToolsetValue value, string key) =>
        value is ToolsetValue.Text { Value: var text }
        && ConfigText.Read(text) is { Problem: null, HasReference: false }
        && Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { Scheme: "http" or "https", UserInfo: "" }
        && Link().IsMatch(text)
        && !ConfigValueChecks.IsSecret(key, text)
            ? (value, null)
            : (null, "is no http or https URL without credentials");

    private static (ToolsetValue?, string?) ReadNumber(ToolsetValue value) =>
        value is ToolsetValue.Number { Digits: { Length: <= 9 } digits } && digits.All(char.IsAsciiDigit)
            ? (value, null)
            : (null, "must be a whole number");

    private static (ToolsetValue?, string?) ReadDuration(ToolsetValue value) => ReadSeconds(value) is { } seconds
        ? (new ToolsetValue.Number(seconds.ToString(CultureInfo.InvariantCulture)), null)
        : (null, "must be a duration such as 30s, of at most a day");

    private static ToolsetValue.Map? ReadTexts(ToolsetValue.Map map, string path, LeftOut leftOut)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, ToolsetValue>>();
        foreach ((string key, ToolsetValue value) in map.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            string at = KeyPath.Join(path, key);
            if (!IsPlainKey(key))
                leftOut.Add(at, BadKey(key));
            else if (Read(value, key, at, ConfigValueKind.Text, leftOut) is { } read)
                entries.Add(KeyValuePair.Create(key, read));
        }

        return entries.Count == 0 ? null : new ToolsetValue.Map(entries.ToImmutable());
    }

    public static string BadKey(string key) => key.Contains('.')
        ? "has a dot in its name, for which HolmesGPT refuses the whole file"
        : "has a name that is not letters, digits, - and _";

    /// <summary>The characters of RFC 3986 without quotes and dollars.</summary>
    [GeneratedRegex(@"\A[A-Za-z]+://[A-Za-z0-9._~:/?#\[\]@!&()*+,;=%-]+\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Link();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,128}\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex PlainKey();
}
