namespace DynamicToolset.Service.Tests.Scenarios;

/// <summary>A command that is printed for admins, and what it shows: it is run as it is printed, in the scenario that it is printed for.</summary>
/// <param name="Text">As it is printed, with its line breaks.</param>
/// <param name="Shows">A regular expression that its output fits.</param>
internal sealed record PrintedCommand(Story Story, string Text, string Shows)
{
    /// <summary>Printed in the overview, and not only in <c>docs/operations.md</c>; comments tell where it is silent or wrong.</summary>
    public bool IsOfOverview { get; init; } = true;

    /// <summary>What is not there on an API server without nodes, and what is done in its place; empty where the command runs as a whole.</summary>
    public string StandIn { get; init; } = "";
}

/// <summary>What happens: a section of <c>docs/operations.md</c>.</summary>
internal enum Story
{
    /// <summary>What the commands of the others take for granted.</summary>
    Beforehand,
    ApiServerAway,
    ChecksFail,
    BackendMissing,
    ConfigMapDeleted,
    Drift,
    LeaderLost,
    NewVersion,
}
