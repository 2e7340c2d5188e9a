using System.Collections.Immutable;
using DynamicToolset.HealthCheck;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>An entry with commands of its own, for what HolmesGPT has no toolset for.</summary>
/// <param name="Backend">Has a URL that a command may hold.</param>
internal sealed record CommandEntry(Backend Backend, PlainUrl Url, DiscoveredName Name, CurlOptions Options)
{
    public CurlCommand Curl => new(Options);

    /// <summary>Null where no command may hold the backend's URL.</summary>
    public static CommandEntry? TryBegin(Backend backend, DiscoveredName name)
    {
        if (backend.ReadPlainUrl() is not { } url)
            return null;
        return new CommandEntry(backend, url, name, CurlOptions.Read(backend));
    }

    /// <summary>Tells of what no part of the entry says.</summary>
    public void LeaveOut(IEnumerable<KeyValuePair<string, ToolsetValue>> entries)
    {
        foreach ((string key, _) in entries)
            Backend.LeftOut.Add(KeyPath.Join(KeyPath.Config, key), $"has no counterpart for a toolset of type {Backend.KindName}");
    }

    /// <param name="description">A sentence that says what the backend is, for people and the model.</param>
    /// <param name="instructions">For the model: what to ask it for, and how.</param>
    public DraftEntry Write(string description, string instructions, params ImmutableArray<CommandTool> tools)
    {
        var body = ToolsetValue.Map.Of(
            ("enabled", new ToolsetValue.Flag(true)),
            (OwnWords.Description, new ToolsetValue.Text(OwnWords.Read(Backend, OwnWords.Description) ?? description)),
            (OwnWords.Instructions, new ToolsetValue.Text(OwnWords.Read(Backend, OwnWords.Instructions) ?? instructions)),
            ("prerequisites", new ToolsetValue.List([ToolsetValue.Map.Of(("command", new ToolsetValue.Text(Check())))])),
            ("tools", new ToolsetValue.List([.. tools.Select(t => t.ToValue())])));
        return new DraftEntry(Name.Entry, body, [Backend]);
    }

    /// <summary>
    /// What was checked here is checked there, and must pass there too. Where the check takes 401 for a yes, or nobody has checked
    /// because an admin wrote the URL, any answer says that the backend is there.
    /// </summary>
    private string Check()
    {
        if (Backend.Check is { } check && PlainUrl.TryCreate(Url.Origin)?.Below(check.Path) is { } url)
            return Curl.Check(url, isAnyAnswerFine: check.Accepts != AcceptedStatuses.Default);
        return Curl.Check(Url, isAnyAnswerFine: true);
    }
}
