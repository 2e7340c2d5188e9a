using static DynamicToolset.Backends.SampleResponse;

namespace DynamicToolset.Backends;

/// <summary>Alertmanager, by its API (https://prometheus.io/docs/alerting/latest/clients/). Its rule is switched off until somebody asks for it.</summary>
internal static class Alertmanager
{
    private static readonly HolmesForm Alerts = new HolmesForm.Commands(
        "The alerts of this cluster, as Alertmanager has them",
        "Alertmanager has the alerts that fire in this cluster now. {list_alerts} shows them, {list_silences} those that people keep quiet, and why.",
        new("list_alerts", "Lists the alerts that fire now.", new("/api/v2/alerts")),
        new("list_silences", "Lists the silences of Alertmanager, with who made them and why.", new("/api/v2/silences")));

    public static BackendKind Kind { get; } = new("alertmanager", [Alerts], [Alerts], Answer);

    private static SampleResponse Answer(string path) => path switch
    {
        "/" => new(200, Html, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Alertmanager</title></head></html>\n"),
        "/-/healthy" => new(200, Plain, "OK"),
        "/-/ready" => new(200, Plain, "OK"),
        "/api/v2/status" => new(200, Json, """
            {"cluster":{"peers":[],"status":"disabled"},"config":{"original":"route:\n  receiver: none\nreceivers:\n- name: none\n"},"uptime":"2025-07-01T00:00:00.000Z","versionInfo":{"branch":"HEAD","buildDate":"20250307-15:05:18","buildUser":"root@sandbox","goVersion":"go1.23.7","revision":"b2099eaa2c9ebc25edb26517cb9c732738e93910","version":"0.28.1"}}
            """),
        "/api/v2/alerts" or "/api/v2/silences" => new(200, Json, "[]"),
        _ => new(404, Plain, "404 page not found\n"),
    };
}
