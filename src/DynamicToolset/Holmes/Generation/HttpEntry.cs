using System.Collections.Frozen;
using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.HealthCheck;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An entry of type <c>http</c>, without a shell: HolmesGPT itself sends the requests, to one place, and GET alone.</summary>
internal static class HttpEntry
{
    private static readonly ToolsetValue.Number UsualTimeout = new("30");

    private static readonly AcceptedStatuses Only200 = new([200]);

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["url"] = "hosts",
        ["timeout"] = "timeout_seconds",
        ["timeout_seconds"] = "timeout_seconds",
        ["verify_ssl"] = "verify_ssl",
        ["headers"] = "default_headers",
        ["default_headers"] = "default_headers",
        ["username"] = "auth",
        ["password"] = "auth",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static ImmutableArray<string> Keys => Names.Keys;

    /// <summary>The key that one of the backend's config becomes; null where it becomes none.</summary>
    public static string? NameOf(string key) => Names.GetValueOrDefault(key);

    /// <summary>Null where such an entry may not hold the backend's URL.</summary>
    public static DraftEntry? Write(HolmesForm.Http form, Backend backend, DiscoveredName name)
    {
        if (backend.ReadPlainUrl() is not { } url)
            return null;
        string instructions = form.Instructions
            .Replace("{request}", name.Tool("request"), StringComparison.Ordinal)
            .Replace("{url}", url.Text.TrimEnd('/'), StringComparison.Ordinal);
        (string, ToolsetValue)[] words = OwnWords.Of(backend, form.Description, instructions);
        return new DraftEntry(
            name.Entry,
            ToolsetValue.Map.Of([DraftEntry.Enabled, ("type", new ToolsetValue.Text("http")), .. words, ("config", ConfigOf(backend, url))]),
            [backend]);
    }

    private static ToolsetValue.Map ConfigOf(Backend backend, PlainUrl url)
    {
        foreach (string other in backend.Config.Entries.Select(e => e.Key).Where(k => !Names.ContainsKey(k)).Order(StringComparer.Ordinal))
            backend.LeaveOut(other, "has no counterpart in a toolset of type http");
        return OfKnown(
            ("endpoints", new ToolsetValue.List([Endpoint(backend, url)])),
            ("default_headers", Headers(backend)),
            ("timeout_seconds", backend.ReadTimeout() ?? UsualTimeout),
            ("verify_ssl", backend.Read("verify_ssl", ConfigValueKind.Switch) ?? (backend.IsUnverified ? new ToolsetValue.Flag(false) : null)));
    }

    private static ToolsetValue? Headers(Backend backend)
    {
        if (backend.Config["default_headers"] is null)
            return backend.Read("headers", ConfigValueKind.Headers);
        if (backend.Config["headers"] is not null)
            backend.LeaveOut("headers", "is also given as default_headers: keep one of them");
        return backend.Read("default_headers", ConfigValueKind.Headers);
    }

    /// <summary>Of a whole host: below a path nobody is asked by such an entry, see <see cref="HolmesForm.Http"/>.</summary>
    private static ToolsetValue.Map Endpoint(Backend backend, PlainUrl url) => OfKnown(
        ("hosts", Texts(url.Origin)),
        ("paths", Texts("/*")),
        ("methods", Texts("GET")),
        ("auth", Auth(backend)),
        ("health_check_url", HealthCheckUrl(backend, url)));

    private static ToolsetValue.Map? Auth(Backend backend) => backend.ReadUser(key => backend.Read(key, ConfigValueKind.Text)) is var (user, password)
        ? ToolsetValue.Map.Of(("type", new ToolsetValue.Text("basic")), ("password", password), ("username", user))
        : null;

    /// <summary>
    /// HolmesGPT wants a 200 there. Where another answer is healthy too, as is that of a backend that wants credentials, it would take it for a
    /// failure; and where an admin wrote the URL nobody knows a path that has one.
    /// </summary>
    private static ToolsetValue.Text? HealthCheckUrl(Backend backend, PlainUrl url) =>
        backend.Check is { } check && check.Accepts == Only200 && PlainUrl.TryCreate(url.Origin)?.Below(check.Path) is { } health
            ? new ToolsetValue.Text(health.Text)
            : null;

    private static ToolsetValue.Map OfKnown(params IEnumerable<(string Key, ToolsetValue? Value)> entries) =>
        ToolsetValue.Map.Of([.. entries.Where(e => e.Value is not null).Select(e => (e.Key, e.Value!))]);

    private static ToolsetValue.List Texts(string text) => new([new ToolsetValue.Text(text)]);
}
