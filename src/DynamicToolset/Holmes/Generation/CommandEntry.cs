using DynamicToolset.Backends;
using DynamicToolset.Cluster;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An entry with commands of its own, for what HolmesGPT has no toolset for.</summary>
internal static class CommandEntry
{
    /// <summary>Null where no command may hold the backend's URL.</summary>
    public static DraftEntry? Write(HolmesForm.Commands form, Backend backend, DiscoveredName name)
    {
        if (backend.ReadPlainUrl() is not { } url)
            return null;
        CurlOptions options = CurlOptions.Read(backend);
        foreach ((string key, _) in options.Rest.Where(e => e.Key != form.Root?.Key))
            backend.LeaveOut(key, $"has no counterpart for a toolset of type {backend.Kind.Name}");
        var curl = new CurlCommand(options);
        PlainUrl root = form.Root is null ? url : url.Below(PathOf(form.Root, backend))!;
        string instructions = form.Tools.Aggregate(
            form.Instructions, (text, tool) => text.Replace($"{{{tool.Name}}}", name.Tool(tool.Name), StringComparison.Ordinal));
        IEnumerable<CommandTool> tools =
            form.Tools.Select(t => new CommandTool(name.Tool(t.Name), t.Description, curl.Get(root, t), t.Parameters));
        var check = ToolsetValue.Map.Of(("command", new ToolsetValue.Text(Check(backend, url, curl))));
        var body = ToolsetValue.Map.Of(
        [
            DraftEntry.Enabled,
            .. OwnWords.Of(backend, form.Description, instructions),
            ("prerequisites", new ToolsetValue.List([check])),
            ("tools", new ToolsetValue.List([.. tools.Select(t => t.ToValue())])),
        ]);
        return new DraftEntry(name.Entry, body, [backend]);
    }

    private static string PathOf(HolmesForm.ApiRoot root, Backend backend)
    {
        if (backend.Config[root.Key] is not { } value)
            return root.Usual;
        string path = value is ToolsetValue.Text { Value: var text } && UrlPath.IsPlain(text) ? text : root.Ending;
        if (path != root.Ending && path.EndsWith(root.Ending, StringComparison.Ordinal))
            return path[..^root.Ending.Length];
        backend.LeaveOut(root.Key, $"must be a path such as {root.Usual}{root.Ending}, of letters, digits and ._~/-");
        return root.Usual;
    }

    /// <summary>
    /// What was checked here is checked there, and passes there too: a backend that wants credentials is there. Where nobody has checked,
    /// because an admin wrote the URL, any answer says so.
    /// </summary>
    private static string Check(Backend backend, PlainUrl url, CurlCommand curl) =>
        backend.Check is { } check && PlainUrl.TryCreate(url.Origin)?.Below(check.Path) is { } checkedUrl
            ? curl.Check(checkedUrl, check.Accepts)
            : curl.Check(url, accepted: null);
}
