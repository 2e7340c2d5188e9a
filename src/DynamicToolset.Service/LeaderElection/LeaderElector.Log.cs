using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.LeaderElection;

/// <remarks>The texts are constant: operators search for them.</remarks>
public sealed partial class LeaderElector
{
    [LoggerMessage(401, LogLevel.Warning, "Lost leader election")]
    private partial void LogLost(string instance);

    [LoggerMessage(402, LogLevel.Information, "Became leader")]
    private partial void LogLeads(string instance, string lease);

    [LoggerMessage(403, LogLevel.Information, "Following")]
    private partial void LogFollows(string instance, string leader);

    [LoggerMessage(408, LogLevel.Warning, "Holder of the Lease keeps changing, not all are logged")]
    private partial void LogHolders(int count);

    [LoggerMessage(404, LogLevel.Information, "Lease released")]
    private partial void LogReleased(string instance);

    [LoggerMessage(405, LogLevel.Warning, "Lease not released, others take over when it expires")]
    private partial void LogNotReleased(string instance);

    [LoggerMessage(406, LogLevel.Warning, "Lease cannot be read or written, trying again")]
    private partial void LogFailed(string error, double retryInSeconds);

    [LoggerMessage(407, LogLevel.Information, "Lease can be read and written again")]
    private partial void LogRecovered();
}
