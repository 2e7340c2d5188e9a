namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>The lines of the log that the overview prints as symptoms, word for word and without their braces: operators search for them.</summary>
internal static class PrintedLines
{
    private static readonly Dictionary<Story, string[]> Lines = new()
    {
        // Before the words of the overview the error tells what was asked, and of whom.
        [Story.ApiServerAway] =
        [
            """
            "level":"error","msg":"Failed to list services","error":"
            """,
            "connection refused\"",
        ],
        [Story.ChecksFail] =
        [
            """
            "level":"warn","msg":"Service health check failed, skipping","service_type":"prometheus"
            """,
        ],
        [Story.BackendMissing] =
        [
            """
            "level":"info","msg":"Service discovery complete","discovered_count":1,"prometheus_count":1,"grafana_count":0
            """,
        ],
        [Story.ConfigMapDeleted] =
        [
            """
            "level":"error","msg":"ConfigMap not found","name":"kubernaut-toolset-config"
            """,
        ],
        [Story.Drift] =
        [
            """
            "level":"info","msg":"Drift detected","keys":["prometheus-toolset.yaml"],"action":"reconciling"
            """,
        ],
        [Story.LeaderLost] =
        [
            """
            "level":"warn","msg":"Lost leader election","instance":"dynamic-toolset-7d4f9-xyz"
            """,
        ],
    };

    /// <summary>The pieces of the line, in their order; none where the overview prints none.</summary>
    public static string[] Of(Story story) => Lines.GetValueOrDefault(story, []);
}
