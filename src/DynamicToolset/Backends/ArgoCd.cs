using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>
/// Argo CD, by its API (https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/). HolmesGPT's argocd/core takes no config: it has the address
/// from its pod's environment, and the command line of Argo CD, so what is discovered could not be told to it.
/// </summary>
internal static class ArgoCd
{
    private static readonly HolmesForm.Parameter Application = new("application", "Name of an application, as the list has it.", HolmesForm.ParameterKind.Step);

    private static readonly HolmesForm Applications = new HolmesForm.Commands(
        "The Argo CD that brings what is in Git to this cluster",
        "Argo CD deploys to this cluster what is in Git. Use it to find out what was deployed last and when, what differs from Git, and which resources of an"
        + " application are not healthy. Call {list_apps} first: the other tools want names as it has them."
        + " {get_app} shows one with its history, {get_events} what happened to it last, {get_resources} what it consists of and how that is.",
        new(
            "list_apps",
            "Lists the applications of Argo CD with their state.",
            new("/api/v1/applications", ("fields", "items.metadata.name,items.metadata.namespace,items.spec,items.status.sync,items.status.health,items.status.operationState.message"))),
        new("get_app", "Shows one application of Argo CD with its state and history.", new("/api/v1/applications") { Tail = "\"${application-}\"" }, Application),
        new(
            "get_events",
            "Shows the events of an application of Argo CD.",
            new("/api/v1/applications") { Tail = "\"${application-}\"'/events'" },
            Application),
        new(
            "get_resources",
            "Shows the resources of an application of Argo CD, with the health of each.",
            new("/api/v1/applications") { Tail = "\"${application-}\"'/resource-tree'" },
            Application));

    public static BackendKind Kind { get; } = new("argocd", [Applications], [Applications], Answer)
    {
        ApiKeyScheme = "Bearer",
        CredentialKey = "apiKey",
    };

    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(200, Html, "<!doctype html><html lang=\"en\"><head><title>Argo CD</title></head><body></body></html>\n"),
        "/healthz" => new(200, Plain, "ok\n"),
        "/api/version" => new(200, Json, """{"Version":"v3.0.11+240a183"}"""),
        "/api/v1/applications" => new(401, Json, """{"error":"no session information","code":16,"message":"no session information"}"""),
        _ => new(404, Json, """{"code":5,"message":"Not Found","details":[]}"""),
    };
}
