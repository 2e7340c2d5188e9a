using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Backends;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// What of a merged config can be said to curl. A command is no place for an admin's words: only numbers, switches and names of environment
/// variables get there, the latter in double quotes as <c>${NAME:?…}</c>. The shell puts the value in without reading it, and ends with that message
/// where there is none: an empty credential is never sent. Of <c>${NAME}</c> HolmesGPT would put it in before the shell (os.path.expandvars),
/// and would show the model the command with the secret in it.
/// </summary>
/// <param name="Arguments">Credentials and TLS, ready for a command.</param>
/// <param name="Variables">Those of the environment that are in the arguments.</param>
/// <param name="Rest">The entries of the config that are not for curl.</param>
internal sealed partial record CurlOptions(
    int TimeoutSeconds, ImmutableArray<string> Arguments, ImmutableArray<string> Variables, ImmutableArray<KeyValuePair<string, ToolsetValue>> Rest)
{
    /// <summary>What curl's manual calls the place that is asked.</summary>
    public const string Url = "<url>";

    private const int UsualTimeout = 30;
    private const string Unset = ":?is not set in the pod of HolmesGPT, or empty}";
    private const string Literal = "is a secret in plain text: write ${NAME}, the only form that a command can use, and give HolmesGPT's pod that variable";

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["timeout"] = "--max-time",
        ["timeout_seconds"] = "--max-time",
        ["verify_ssl"] = "--insecure",
        ["headers"] = "-H",
        ["apiKey"] = "-H",
        ["api_key"] = "-H",
        ["username"] = "-u",
        ["password"] = "-u",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static ImmutableArray<string> Keys => Names.Keys;

    /// <summary>The argument that a key of the config becomes; null where it becomes none.</summary>
    public static string? NameOf(string key, BackendKind kind)
    {
        if (kind.UrlKeys.Contains(key))
            return Url;
        return key is "apiKey" or "api_key" && kind.ApiKeyScheme is null ? null : Names.GetValueOrDefault(key);
    }

    /// <summary>Tells what there is beside <see cref="Rest"/> and cannot be said.</summary>
    public static CurlOptions Read(Backend backend)
    {
        int timeout = backend.ReadTimeout() is { } seconds ? int.Parse(seconds.Digits, CultureInfo.InvariantCulture) : UsualTimeout;
        ImmutableArray<string> arguments = [.. Tls(backend).Concat(Headers(backend)).Concat(Credential(backend)).Order(StringComparer.Ordinal)];
        return new CurlOptions(
            timeout,
            arguments,
            [.. arguments.SelectMany(a => Variable().Matches(a)).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)],
            [.. backend.Config.Entries.Where(e => !Names.ContainsKey(e.Key) && !backend.Kind.UrlKeys.Contains(e.Key))]);
    }

    /// <summary>A secret that was made by echo ends with a line break, which would end the header, and cut off those behind it.</summary>
    public static string Trimmed(string variable) => $"{variable}=$(printf %s \"${{{variable}-}}\" | tr -d '\\r\\n'); ";

    private static IEnumerable<string> Tls(Backend backend) =>
        (backend.Read("verify_ssl", ConfigValueKind.Switch) as ToolsetValue.Flag)?.Value ?? !backend.IsUnverified ? [] : ["--insecure"];

    private static IEnumerable<string> Headers(Backend backend)
    {
        if (backend.Config["headers"] is not { } headers)
            return [];
        return ConfigValues.ReadHeaders(headers, KeyPath.InConfig("headers"), backend.LeftOut)
            .Select(h => Header(h.Key, h.Value, h.Path, backend.LeftOut))
            .OfType<string>();
    }

    private static string? Header(string name, ToolsetValue value, string path, LeftOut leftOut)
    {
        if (value is ToolsetValue.Text { Value: var text } && HeaderReference().IsMatch(text))
            return $"-H \"{name}: {text.Replace("}", Unset, StringComparison.Ordinal)}\"";
        leftOut.Add(path, Literal);
        return null;
    }

    private static IEnumerable<string> Credential(Backend backend)
    {
        string? key = null;
        foreach (string name in (ReadOnlySpan<string>)["api_key", "apiKey"])
        {
            if (backend.Config[name] is not { } value)
                continue;
            if (backend.Kind.ApiKeyScheme is null)
                backend.LeaveOut(name, "does not say how to send it: write headers: {Authorization: \"Bearer ${NAME}\"}");
            else
                key ??= VariableIn(value, name, backend);
        }

        return key is null ? UserAndPassword(backend) : [$"-H \"Authorization: {backend.Kind.ApiKeyScheme} {InShell(key)}\""];
    }

    private static IEnumerable<string> UserAndPassword(Backend backend) =>
        backend.ReadUser(key => backend.Config[key] is { } value ? VariableIn(value, key, backend) : null) is var (user, password)
            ? [$"-u \"{InShell(user)}:{InShell(password)}\""]
            : [];

    private static string InShell(string variable) => "${" + variable + Unset;

    private static string? VariableIn(ToolsetValue value, string key, Backend backend)
    {
        string? name = value is ToolsetValue.Text text ? ConfigText.NameIn(text.Value) : null;
        if (name is null)
            backend.LeaveOut(key, Literal);
        return name;
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*):\?", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\A((Basic|Bearer|ApiKey) )?\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex HeaderReference();
}
