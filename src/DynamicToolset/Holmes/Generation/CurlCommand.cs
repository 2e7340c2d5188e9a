using System.Globalization;
using DynamicToolset.Backends;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// A call of curl. What the model fills in is sent url-encoded in the query, or looked at first; curl does not expand it (-g), leaves http
/// nowhere, and follows no redirect.
/// </summary>
internal sealed record CurlCommand(CurlOptions Options)
{
    private const int HealthTimeout = 5;

    /// <param name="root">Where the API begins.</param>
    public string Get(PlainUrl root, HolmesForm.Tool tool)
    {
        HolmesForm.Get request = tool.Request;
        PlainUrl url = root.Below(request.Path)!;
        string place = request.Tail is null ? url.Quoted : url.QuotedFolder + request.Tail;
        return string.Concat(tool.Parameters.Select(ShellParameter.Check))
            + $"{Start(Options.TimeoutSeconds)}{(request.Query.IsEmpty ? "" : " -G")} {place}"
            + string.Concat(request.Query.Select(q => $" --data-urlencode {q.Name}={q.Value}"));
    }

    /// <summary>Whether the backend is there, for the check at HolmesGPT's start. What it answers is dropped.</summary>
    /// <param name="accepted">The answers that say so; null for any.</param>
    public string Check(PlainUrl url, AcceptedStatuses? accepted)
    {
        string get = $"{Start(Math.Min(Options.TimeoutSeconds, HealthTimeout))} -o /dev/null";
        // With -f curl takes 401 for a failure as well.
        return accepted is null ? $"{get} {url.Quoted}" : $"{get} -w '%{{http_code}}' {url.Quoted} | grep -qxE '{string.Join('|', accepted.Codes)}'";
    }

    private string Start(int timeout) => string.Concat(Options.Variables.Select(CurlOptions.Trimmed)) + string.Join(
        ' ',
        ["curl -sS -g --proto =http,https --max-time " + timeout.ToString(CultureInfo.InvariantCulture), .. Options.Arguments]);
}
