using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>A backend that is known to answer HTTP, and no more.</summary>
internal static class CustomEntry
{
    public static DraftEntry? Write(Backend backend, DiscoveredName name, HolmesTarget target) =>
        target == HolmesTarget.Current ? WriteHttp(backend, name) : WriteCommand(backend, name);

    /// <summary>What a key of the config becomes; null where it becomes nothing.</summary>
    public static string? NameOf(string key, HolmesTarget target) =>
        target == HolmesTarget.Current ? HttpConfig.NameOf(key) : CurlOptions.NameOf(key, BackendKind.Custom);

    private static DraftEntry? WriteCommand(Backend backend, DiscoveredName name)
    {
        if (CommandEntry.TryBegin(backend, name) is not { } entry)
            return null;
        entry.LeaveOut(entry.Options.Rest);
        string tool = name.Tool("get");
        return entry.Write(
            Description(backend),
            Instructions(backend, $"{tool} sends it a GET of the path that you name"),
            new CommandTool(
                tool,
                "Sends a GET to a service of this cluster and shows what it answers.",
                entry.Curl.GetBelow(entry.Url, "{{ path }}"),
                new ToolParameter("path", "The path without its first slash, and a query where one is needed, such as api/v1/items?limit=10. Write a space as %20.")));
    }

    /// <summary>For releases since 0.20: without a shell, and for reading alone. HolmesGPT itself sends the request, and only to this place.</summary>
    private static DraftEntry? WriteHttp(Backend backend, DiscoveredName name)
    {
        if (backend.ReadPlainUrl() is not { } url)
            return null;
        var body = ToolsetValue.Map.Of(
            ("enabled", new ToolsetValue.Flag(true)),
            ("type", new ToolsetValue.Text("http")),
            (OwnWords.Description, new ToolsetValue.Text(OwnWords.Read(backend, OwnWords.Description) ?? Description(backend))),
            (OwnWords.Instructions, new ToolsetValue.Text(
                OwnWords.Read(backend, OwnWords.Instructions)
                ?? Instructions(backend, $"{name.Tool("request")} sends it a GET of a URL that begins with {url.Text.TrimEnd('/')}/"))),
            ("config", HttpConfig.Of(backend, url)));
        return new DraftEntry(name.Entry, body, [backend]);
    }

    private static string Description(Backend backend) => $"A service of this cluster that answers HTTP: {backend.Place}.";

    private static string Instructions(Backend backend, string how) =>
        $"A service of this cluster that answers HTTP and was announced for investigations. {how}. It is {backend.Place}.";
}
