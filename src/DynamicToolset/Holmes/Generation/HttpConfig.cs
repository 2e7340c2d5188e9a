using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Toolsets;

namespace DynamicToolset.Holmes.Generation;

/// <summary>The config of a toolset of type <c>http</c>, which releases since 0.20 know: one place, and GET alone.</summary>
internal static class HttpConfig
{
    private const string UsualTimeout = "30";

    public static ToolsetValue.Map Of(Backend backend, PlainUrl url)
    {
        var config = new List<(string, ToolsetValue)>();
        var auth = new List<(string Key, ToolsetValue Value)>();
        ToolsetValue timeout = new ToolsetValue.Number(UsualTimeout);
        foreach ((string key, ToolsetValue value) in backend.Config.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            string path = KeyPath.Join(KeyPath.Config, key);
            switch (key)
            {
                case "url":
                    break;
                case "timeout":
                    timeout = ConfigValues.Read(value, key, path, ConfigValueKind.Duration, backend.LeftOut) ?? timeout;
                    break;
                case "timeout_seconds":
                    timeout = ConfigValues.Read(value, key, path, ConfigValueKind.WholeNumber, backend.LeftOut) ?? timeout;
                    break;
                case "verify_ssl":
                    Add(config, key, ConfigValues.Read(value, key, path, ConfigValueKind.Switch, backend.LeftOut));
                    break;
                case "headers" when backend.Config["default_headers"] is not null:
                    backend.LeftOut.Add(path, "is there as default_headers too: write one of them");
                    break;
                case "headers" or "default_headers":
                    Add(config, "default_headers", ConfigValues.Read(value, key, path, ConfigValueKind.Texts, backend.LeftOut));
                    break;
                case "username" or "password":
                    Add(auth, key, ConfigValues.Read(value, key, path, ConfigValueKind.Text, backend.LeftOut));
                    break;
                default:
                    backend.LeftOut.Add(path, "has no counterpart in a toolset of type http");
                    break;
            }
        }

        config.Add(("timeout_seconds", timeout));
        return ToolsetValue.Map.Of(
        [
            ("endpoints", new ToolsetValue.List([Endpoint(backend, url, auth)])),
            .. config.DistinctBy(c => c.Item1).OrderBy(c => c.Item1, StringComparer.Ordinal),
        ]);
    }

    private static void Add(List<(string, ToolsetValue)> entries, string key, ToolsetValue? value)
    {
        if (value is not null)
            entries.Add((key, value));
    }

    private static ToolsetValue.Map Endpoint(Backend backend, PlainUrl url, List<(string Key, ToolsetValue Value)> auth)
    {
        string path = url.Path.TrimEnd('/');
        var endpoint = new List<(string, ToolsetValue)>
        {
            ("hosts", Texts(url.Origin)),
            ("paths", path.Length == 0 ? Texts("/*") : Texts(path, path + "/*")),
            ("methods", Texts("GET")),
        };
        if (auth.Count == 2)
            endpoint.Add(("auth", ToolsetValue.Map.Of([("type", new ToolsetValue.Text("basic")), .. auth])));
        else if (auth is [var alone])
            backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, alone.Key), "is of no use alone: write username and password");
        // HolmesGPT wants a 200 there. Where an admin wrote the URL nobody knows a path that has one.
        if (backend.Check is { } check && check.Accepts == AcceptedStatuses.Default && PlainUrl.TryCreate(url.Origin)?.Below(check.Path) is { } health)
            endpoint.Add(("health_check_url", new ToolsetValue.Text(health.Text)));
        return ToolsetValue.Map.Of([.. endpoint]);
    }

    private static ToolsetValue.List Texts(params ReadOnlySpan<string> texts)
    {
        var items = ImmutableArray.CreateBuilder<ToolsetValue>();
        foreach (string text in texts)
            items.Add(new ToolsetValue.Text(text));
        return new ToolsetValue.List(items.ToImmutable());
    }
}
