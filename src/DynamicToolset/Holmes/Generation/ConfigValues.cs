using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Configuration;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Values of a merged config on their way into the file. What cannot go there is left out, and said.</summary>
internal static partial class ConfigValues
{
    private const string IsNull = "is null, which HolmesGPT rejects: remove the key";

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

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
            ConfigValueKind.Count => ReadNumber(value) is (ToolsetValue.Number { Digits: "0" }, _) ? (null, "must be a whole number from 1") : ReadNumber(value),
            ConfigValueKind.Seconds => ReadSeconds(value),
            ConfigValueKind.Switch => value is ToolsetValue.Flag ? (value, null) : (null, "must be true or false"),
            ConfigValueKind.Duration => ReadDuration(value),
            ConfigValueKind.Texts => (ReadTexts(ReadEntries(value, path, leftOut), leftOut), null),
            ConfigValueKind.Headers => (ReadTexts(ReadHeaders(value, path, leftOut), leftOut), null),
            _ => throw new UnreachableException(),
        };
        if (problem is not null)
            leftOut.Add(path, problem);
        return read;
    }

    /// <summary>What a map has, in ordinal order. Names that no key may have are left out; of what is no map all is.</summary>
    public static ImmutableArray<(string Key, string Path, ToolsetValue Value)> ReadEntries(ToolsetValue value, string path, LeftOut leftOut)
    {
        if (value is not ToolsetValue.Map map)
        {
            leftOut.Add(path, value is ToolsetValue.Nothing ? IsNull : "must be a map of texts");
            return [];
        }

        var entries = ImmutableArray.CreateBuilder<(string, string, ToolsetValue)>();
        foreach ((string key, ToolsetValue entry) in map.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            string at = KeyPath.Join(path, key);
            if (IsPlainKey(key))
                entries.Add((key, at, entry));
            else
                leftOut.Add(at, BadKey(key));
        }

        return entries.ToImmutable();
    }

    /// <summary>As <see cref="ReadEntries"/>, without what cannot be sent.</summary>
    public static ImmutableArray<(string Key, string Path, ToolsetValue Value)> ReadHeaders(ToolsetValue value, string path, LeftOut leftOut)
    {
        var headers = ImmutableArray.CreateBuilder<(string, string, ToolsetValue)>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string at, ToolsetValue entry) in ReadEntries(value, path, leftOut))
        {
            string? problem = names.Add(key) ? HttpHeader.ProblemWithName(key) : HttpHeader.IsThereTwice;
            problem ??= entry is ToolsetValue.Text { Value: var text } ? HttpHeader.ProblemWithValue(text) : null;
            if (problem is null)
                headers.Add((key, at, entry));
            else
                leftOut.Add(at, problem);
        }

        return headers.ToImmutable();
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
        if (read.Problem is null && CredentialText.ProblemWith(key, text) is { } unsent)
            return (null, unsent);
        if (read.Problem is null && !read.HasReference && ConfigValueChecks.IsSecret(key, text))
            return (null, "is a secret in plain text: write ${NAME} and give HolmesGPT's pod that variable");
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
            : (null, "is not an http or https URL without credentials");

    private static (ToolsetValue?, string?) ReadNumber(ToolsetValue value) =>
        value is ToolsetValue.Number { Digits: { Length: <= 9 } digits } && digits.All(char.IsAsciiDigit)
            ? (value, null)
            : (null, "must be a whole number");

    private static (ToolsetValue?, string?) ReadSeconds(ToolsetValue value) =>
        ReadNumber(value) is (ToolsetValue.Number { Digits: var digits }, _) && IsWait(TimeSpan.FromSeconds(int.Parse(digits, CultureInfo.InvariantCulture)))
            ? (value, null)
            : (null, "must be a whole number of seconds, from 1 to 86400");

    private static (ToolsetValue?, string?) ReadDuration(ToolsetValue value)
    {
        if (value is not ToolsetValue.Text text || !GoDuration.TryParse(text.Value, out TimeSpan duration) || !IsWait(duration))
            return (null, "must be a duration such as 30s, longer than 0s and of at most a day, 24h");
        return (new ToolsetValue.Number(Math.Ceiling(duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)), null);
    }

    /// <summary>HolmesGPT's client for HTTP refuses to wait for no time, and curl takes that for ever.</summary>
    private static bool IsWait(TimeSpan time) => time > TimeSpan.Zero && time <= LongestWait;

    private static ToolsetValue.Map? ReadTexts(ImmutableArray<(string Key, string Path, ToolsetValue Value)> texts, LeftOut leftOut)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, ToolsetValue>>();
        foreach ((string key, string at, ToolsetValue entry) in texts)
        {
            if (Read(entry, key, at, ConfigValueKind.Text, leftOut) is { } read)
                entries.Add(KeyValuePair.Create(key, read));
        }

        return entries.Count == 0 ? null : new ToolsetValue.Map(entries.ToImmutable());
    }

    public static string BadKey(string key) => key.Contains('.')
        ? "has a dot in its name, which makes HolmesGPT reject the whole file"
        : "has a name that is not letters, digits, - and _";

    /// <summary>The characters of RFC 3986 without quotes and dollars.</summary>
    [GeneratedRegex(@"\A[A-Za-z]+://[A-Za-z0-9._~:/?#\[\]@!&()*+,;=%-]+\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Link();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,128}\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex PlainKey();
}
