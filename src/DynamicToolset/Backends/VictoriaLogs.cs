using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>VictoriaLogs (https://docs.victoriametrics.com/victorialogs/querying/), for which HolmesGPT has a toolset since 0.26.</summary>
internal static class VictoriaLogs
{
    private const string Purpose =
        "VictoriaLogs keeps the logs of this cluster, and those that are older than what a pod still shows. Every query is LogsQL.";

    private static readonly HolmesForm.Parameter Query = new(
        "query", "In LogsQL, such as error AND kubernetes.pod_namespace:shop; * for all. A filter _time:1h in it narrows the time further.");

    private static readonly HolmesForm.Parameter Lookback = new(
        "lookback_seconds", "How far to look back from now: 90m, 1h, 2d, or a number of seconds such as 3600.", HolmesForm.ParameterKind.Lookback);

    private static readonly HolmesForm Commands = new HolmesForm.Commands(
        "The logs that VictoriaLogs keeps of this cluster",
        Purpose + " Call {list_fields} first, then {search_logs} with what narrows it down; {count_logs} says how many there are over time.",
        new(
            "search_logs",
            "Finds logs in VictoriaLogs, a line of JSON for each.",
            Over("/select/logsql/query", ("query", "{{ query }}"), ("limit", "{{ limit }}")),
            Query,
            Lookback,
            new("limit", "At most so many logs, such as 100.")),
        new(
            "count_logs",
            "Counts logs in VictoriaLogs over time.",
            Over("/select/logsql/hits", ("query", "{{ query }}"), ("step", "{{ step }}")),
            Query,
            Lookback,
            new("step", "The length of each step, such as 5m or 1h.")),
        new(
            "list_fields",
            "Lists the fields of the logs in VictoriaLogs that a query finds, and how often each is there.",
            Over("/select/logsql/field_names", ("query", "{{ query }}")),
            Query,
            Lookback));

    private static readonly HolmesForm Logs = new HolmesForm.BuiltIn(
        "victorialogs", "api_url", Purpose + " Find the fields of the logs before you search them.", ("timeout", "timeout_seconds"))
    { HasOwnInstructions = true };

    public static BackendKind Kind { get; } = new("victorialogs", [Commands], [Logs], Answer)
    {
        UrlKeys = ["api_url", "url"],
    };

    private static HolmesForm.Get Over(string path, params (string, string)[] query) =>
        new(path, [.. query, ("start", "$(expr $(date +%s) - ${lookback_seconds-})"), ("end", "$(date +%s)")]);

    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(200, Html, "<h2>Single-node VictoriaLogs</h2></br>Version victoria-logs-20250716-v1.26.0<br>\n"),
        "/health" => new(200, Plain, "OK"),
        "/select/buildinfo" => new(200, Json, """{"status":"success","data":{"version":"v1.26.0"}}"""),
        "/select/logsql/query" => new(200, "application/stream+json", ""),
        "/select/logsql/field_names" => new(200, Json, """{"values":[]}"""),
        "/select/logsql/hits" => new(200, Json, """{"hits":[]}"""),
        _ => new(400, Plain, "unsupported path requested\n"),
    };
}
