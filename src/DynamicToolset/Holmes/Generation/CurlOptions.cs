using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// What of a merged config can be said to curl. A command is no place for an admin's words: only numbers, switches and names of environment
/// variables get there, the latter in double quotes as <c>${NAME:-}</c>. The shell puts the value in without reading it. Of <c>${NAME}</c>
/// HolmesGPT would put it in before the shell (os.path.expandvars), and would show the model the command with the secret in it.
/// </summary>
/// <param name="Arguments">Credentials and TLS, ready for a command.</param>
/// <param name="Rest">The entries of the config that are not for curl.</param>
internal sealed partial record CurlOptions(
    int TimeoutSeconds, ImmutableArray<string> Arguments, ImmutableArray<KeyValuePair<string, ToolsetValue>> Rest)
{
    private const int UsualTimeout = 30;
    private const int LongestTimeout = 600;
    private const string Literal = "is written out; a command takes ${NAME} and no other text, and HolmesGPT's pod needs that variable";

    /// <summary>Tells what there is beside <see cref="Rest"/> and cannot be said.</summary>
    public static CurlOptions Read(Backend backend)
    {
        int timeout = UsualTimeout;
        var arguments = ImmutableArray.CreateBuilder<string>();
        var rest = ImmutableArray.CreateBuilder<KeyValuePair<string, ToolsetValue>>();
        foreach (KeyValuePair<string, ToolsetValue> entry in backend.Config.Entries)
        {
            string path = KeyPath.Join(KeyPath.Config, entry.Key);
            switch (entry.Key)
            {
                case "timeout":
                    timeout = ReadTimeout(entry, path, ConfigValueKind.Duration, backend.LeftOut) ?? timeout;
                    break;
                case "timeout_seconds":
                    timeout = ReadTimeout(entry, path, ConfigValueKind.WholeNumber, backend.LeftOut) ?? timeout;
                    break;
                case "verify_ssl":
                    if (ConfigValues.Read(entry.Value, entry.Key, path, ConfigValueKind.Switch, backend.LeftOut) is ToolsetValue.Flag { Value: false })
                        arguments.Add("--insecure");
                    break;
                case "headers":
                    AddHeaders(entry.Value, path, arguments, backend.LeftOut);
                    break;
                case "apiKey" or "api_key" or "username" or "password":
                    break;
                default:
                    if (!Backend.UrlKeys(backend.Kind).Contains(entry.Key))
                        rest.Add(entry);
                    break;
            }
        }

        if (Credential(backend) is { } credential)
            arguments.Add(credential);
        return new CurlOptions(timeout, [.. arguments.Order(StringComparer.Ordinal)], rest.ToImmutable());
    }

    private static int? ReadTimeout(KeyValuePair<string, ToolsetValue> entry, string path, ConfigValueKind kind, LeftOut leftOut) =>
        ConfigValues.Read(entry.Value, entry.Key, path, kind, leftOut) is ToolsetValue.Number number
            ? Math.Clamp(int.Parse(number.Digits, CultureInfo.InvariantCulture), 1, LongestTimeout)
            : null;

    private static void AddHeaders(ToolsetValue value, string path, ImmutableArray<string>.Builder arguments, LeftOut leftOut)
    {
        if (value is not ToolsetValue.Map headers)
        {
            leftOut.Add(path, "must be a map of texts");
            return;
        }

        foreach ((string name, ToolsetValue text) in headers.Entries)
        {
            string at = KeyPath.Join(path, name);
            if (!ConfigValues.IsPlainKey(name))
                leftOut.Add(at, ConfigValues.BadKey(name));
            else if (text is ToolsetValue.Text { Value: var header } && HeaderReference().IsMatch(header))
                arguments.Add($"-H \"{name}: {header.Replace("}", ":-}", StringComparison.Ordinal)}\"");
            else
                leftOut.Add(at, Literal);
        }
    }

    /// <summary>Only Elasticsearch says what its keys look like; elsewhere a header has to be written whole.</summary>
    private static string? Credential(Backend backend)
    {
        ToolsetValue.Map config = backend.Config;
        string? key = null;
        foreach (string name in (ReadOnlySpan<string>)["api_key", "apiKey"])
        {
            if (config[name] is not { } value)
                continue;
            if (backend.Kind != BackendKind.Elasticsearch)
                backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, name), "does not say how it is sent: write headers: {Authorization: \"Bearer ${NAME}\"}");
            else
                key ??= VariableIn(value, name, backend.LeftOut);
        }

        return key is null ? UserAndPassword(backend) : $"-H \"Authorization: ApiKey {InShell(key)}\"";
    }

    private static string? UserAndPassword(Backend backend)
    {
        ToolsetValue.Map config = backend.Config;
        string? user = config["username"] is { } name ? VariableIn(name, "username", backend.LeftOut) : null;
        string? password = config["password"] is { } secret ? VariableIn(secret, "password", backend.LeftOut) : null;
        if (user is not null && password is not null)
            return $"-u \"{InShell(user)}:{InShell(password)}\"";
        if (user is not null || password is not null)
            backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, user is null ? "password" : "username"), "is of no use alone: write username and password");
        return null;
    }

    private static string InShell(string variable) => "${" + variable + ":-}";

    private static string? VariableIn(ToolsetValue value, string key, LeftOut leftOut)
    {
        string? name = value is ToolsetValue.Text text ? ConfigText.NameIn(text.Value) : null;
        if (name is null)
            leftOut.Add(KeyPath.Join(KeyPath.Config, key), Literal);
        return name;
    }

    [GeneratedRegex(@"\A((Basic|Bearer|ApiKey) )?\$\{[A-Za-z_][A-Za-z0-9_]*\}\z", RegexOptions.None, PatternTimeout.None)]
    private static partial Regex HeaderReference();
}
