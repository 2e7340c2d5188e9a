using System.Net;

namespace DynamicToolset.Service.HolmesReload;

/// <summary>What came of one POST, in a word out of a fixed set: an answer of HolmesGPT's is in no log and no metric.</summary>
/// <param name="Word">One of <see cref="Words"/>.</param>
/// <param name="Problem">What went wrong, and what to do about it; null where nothing did.</param>
public sealed record ReloadResult(string Word, string? Problem)
{
    /// <summary>In the order in which they are counted.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["ok", "credentials", "missing", "unloadable", "status", "timeout", "dns", "blocked", "tls", "connection", "response"];

    public static ReloadResult Ok { get; } = new("ok", null);

    public bool IsOk => Problem is null;

    public static ReloadResult Of(HttpStatusCode status)
    {
        if ((int)status is >= 200 and < 300)
            return Ok;
        (string word, string advice) = status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ("credentials", ": HOLMES_RELOAD_API_KEY must have the value of HOLMES_API_KEY in HolmesGPT"),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed =>
                ("missing", ": use HolmesGPT later than 0.31.1 with ENABLE_ADMIN_API=true, and /api/admin/reload/toolsets as the path of HOLMES_RELOAD_URL"),
            HttpStatusCode.InternalServerError => ("unloadable", ": HolmesGPT cannot load its file; its log says why"),
            >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                ("status", ": redirects are not followed; set HOLMES_RELOAD_URL to the final URL"),
            _ => ("status", ""),
        };
        return new ReloadResult(word, $"status {(int)status}{advice}");
    }
}

/// <summary>The last POST to one address.</summary>
/// <param name="Address">Null where the name did not resolve.</param>
public sealed record ReloadRecord(IPAddress? Address, DateTimeOffset At, ReloadResult Result);

/// <summary>Which addresses this replica told to reload.</summary>
/// <param name="Url">Without a user and a query.</param>
/// <param name="Addresses">In their order; empty before the first change.</param>
/// <param name="More">Number of addresses that are not called because there are too many.</param>
public sealed record ReloadStatus(string Url, IReadOnlyList<ReloadRecord> Addresses, int More);
