using DynamicToolset.Backends;
using DynamicToolset.Capabilities;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>A toolset that has somewhere to ask.</summary>
/// <param name="Config">Its config, the admin's wishes merged in; the URL among it.</param>
/// <param name="LeftOut">What of it does not get into the file.</param>
internal sealed record Backend(Toolset Toolset, BackendKind Kind, BackendUrl Url, ToolsetValue.Map Config, LeftOut LeftOut)
{
    public string Name => Toolset.Name;

    /// <summary>How it was checked; null if an admin wrote the URL, which is not checked.</summary>
    public HealthCheckTarget? Check =>
        Toolset.Source is ToolsetSource.Service { Check: { } check } && TextOf(check.Endpoint) == (Url.Plain?.Text ?? Url.Text).TrimEnd('/') ? check : null;

    /// <summary>The check took whatever certificate there was, and what is said of it here has to hold for HolmesGPT.</summary>
    public bool IsUnverified { get; init; }

    /// <summary>What it says of itself, where it and not an override says where it is; null where there is nothing to tell.</summary>
    public CapabilityLine? Says =>
        Check is not null && Url.Plain is not null && Toolset.Source is ToolsetSource.Service { Says: { Text: not "" } line } ? line : null;

    /// <summary>For people and models: the Service that the URL itself names, and the URL.</summary>
    public string Place => Check is { Endpoint.Host: var host } && host.Split('.') is [var service, var ns, ..]
        ? $"Service {service} in namespace {ns}, {Url.Shown}"
        : Url.Shown;

    /// <summary>Among those of its kind: a toolset of the admin's own comes first, then the Services by their places.</summary>
    public int Turn => Toolset.Source is ToolsetSource.Service service ? service.Place : -1;

    /// <summary>Null where there is no URL that HolmesGPT could be given, which is then among what is left out.</summary>
    public static Backend? TryRead(Toolset toolset, LeftOut leftOut)
    {
        BackendKind kind = BackendKinds.Of(toolset.Type);
        var config = toolset.Body["config"] as ToolsetValue.Map ?? ToolsetValue.Map.Empty;
        string missing = "there is no URL: write config.url";
        foreach (string key in kind.UrlKeys)
        {
            if (config[key] is not { } value)
                continue;
            if (value is ToolsetValue.Text text && (kind.IsTcp ? BackendUrl.TryReadBroker(text.Value) : BackendUrl.TryRead(text.Value)) is { } url)
                return new Backend(toolset, kind, url, config, leftOut);
            leftOut.Add(KeyPath.InConfig(key), kind.IsTcp ? "is not of the form tcp://host:port" : WhyUnfit(value));
            missing = "the URL cannot be used";
        }

        leftOut.AddWhole(missing);
        return null;
    }

    private static string TextOf(EndpointUrl endpoint) => endpoint.IsTcp ? $"{endpoint.Host}:{endpoint.Port}" : endpoint.ToString();

    private static string WhyUnfit(ToolsetValue url) => url is ToolsetValue.Text { Value: var text } && text.Contains('{')
        ? "contains a placeholder, but placeholders are not replaced in a URL: write http://host:port/path"
        : "is not a plain http or https URL without credentials: write http://host:port/path";

    /// <summary>Null where it is not there, or not fit, and then it is among what is left out.</summary>
    public ToolsetValue? Read(string key, ConfigValueKind kind) =>
        Config[key] is { } value ? ConfigValues.Read(value, key, KeyPath.InConfig(key), kind, LeftOut) : null;

    /// <param name="key">Of the config.</param>
    public void LeaveOut(string key, string reason) => LeftOut.Add(KeyPath.InConfig(key), reason);

    /// <summary>In whole seconds, null if none is set. HolmesGPT's own key wins: whoever writes it means it.</summary>
    public ToolsetValue.Number? ReadTimeout()
    {
        ToolsetValue? ours = Read("timeout", ConfigValueKind.Duration), theirs = Read("timeout_seconds", ConfigValueKind.Seconds);
        return (ToolsetValue.Number?)(theirs ?? ours);
    }

    /// <summary>The name of a user and the password, or null. One of them alone is of no use, and is among what is left out.</summary>
    /// <param name="read">Reads the value of a key; null where it is not there, or not fit, and then it is among what is left out.</param>
    public (T User, T Password)? ReadUser<T>(Func<string, T?> read)
        where T : class
    {
        T? user = read("username"), password = read("password");
        if (user is not null && password is not null)
            return (user, password);
        if (user is not null || password is not null)
            LeaveOut(user is null ? "password" : "username", "is incomplete: write username and password");
        return null;
    }

    /// <summary>Null where only the config of a toolset of HolmesGPT's own may hold the URL, and then that is among what is left out.</summary>
    public PlainUrl? ReadPlainUrl()
    {
        if (Url.Plain is null)
            LeftOut.AddWhole("its URL has parts that a command or a toolset of type http cannot use: write http://host:port/path with letters, digits and ._~/-");
        return Url.Plain;
    }
}
