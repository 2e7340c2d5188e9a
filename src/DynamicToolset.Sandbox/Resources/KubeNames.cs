using System.Text.RegularExpressions;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>The grammar of names, see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/.</summary>
internal static partial class KubeNames
{
    private const string Dns1123SubdomainRule =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Dns1123LabelRule =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string Dns1035LabelRule =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric "
        + "character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedNameRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
        + "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
        + "character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private const string ConfigMapKeyRule =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for "
        + "validation is '[-._a-zA-Z0-9]+')";

    /// <summary>Each of these gives what is wrong with a name, or null.</summary>
    public static string? CheckDns1123Subdomain(string name) => CheckLength(name, 253) ?? (Dns1123Subdomain.IsMatch(name) ? null : Dns1123SubdomainRule);

    public static string? CheckDns1123Label(string name) => CheckLength(name, 63) ?? (Dns1123Label.IsMatch(name) ? null : Dns1123LabelRule);

    public static string? CheckDns1035Label(string name) => CheckLength(name, 63) ?? (Dns1035Label.IsMatch(name) ? null : Dns1035LabelRule);

    /// <summary>The names of roles and bindings need only fit into a path.</summary>
    public static string? CheckPathSegment(string name) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };

    public static string? CheckLabelValue(string value) => CheckLength(value, 63) ?? (LabelValue.IsMatch(value) ? null : LabelValueRule);

    public static string? CheckQualifiedName(string name)
    {
        string[] parts = name.Split('/');
        if (parts.Length > 2)
            return "a qualified name " + QualifiedNameRule["name part ".Length..] + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";

        if (parts.Length == 2 && CheckDns1123Subdomain(parts[0]) is { } prefixProblem)
            return $"prefix part {prefixProblem}";

        string last = parts[^1];
        if (last.Length is 0 or > 63)
            return last.Length == 0 ? "name part must be non-empty" : "name part must be no more than 63 characters";

        return QualifiedName.IsMatch(last) ? null : QualifiedNameRule;
    }

    public static string? CheckConfigMapKey(string key) => key switch
    {
        { Length: > 253 } => "must be no more than 253 characters",
        "." => "must not be '.'",
        ".." => "must not be '..'",
        _ when !ConfigMapKey.IsMatch(key) => ConfigMapKeyRule,
        _ when key.StartsWith("..", StringComparison.Ordinal) => "must not start with '..'",
        _ => null,
    };

    private static string? CheckLength(string value, int limit) => value.Length > limit ? $"must be no more than {limit} characters" : null;

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1123Subdomain { get; }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1123Label { get; }

    [GeneratedRegex(@"^[a-z]([-a-z0-9]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Dns1035Label { get; }

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex QualifiedName { get; }

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue { get; }

    [GeneratedRegex(@"^[-._a-zA-Z0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ConfigMapKey { get; }
}
