using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

public sealed partial class IdentityLoop
{
    /// <summary>Lines a minute: whoever answers may answer otherwise each time.</summary>
    private const int MostTold = 100;

    private readonly LineBudget _lines;

    private void Tell(IdentityTarget target, BackendIdentity? before, BackendIdentity? after)
    {
        if (after is not null && after != before && _lines.TryTake())
            LogIdentified(target.Key.Service.ToString(), target.Endpoint.ToString(), after.Name, after.Version);
    }

    private void TellLeftOut()
    {
        if (_lines.TakeLeftOut() is > 0 and int more)
            LogMoreIdentified(more);
    }

    [LoggerMessage(354, LogLevel.Information, "Backend said what it is")]
    private partial void LogIdentified(string service, string endpoint, string product, string? version);

    [LoggerMessage(355, LogLevel.Information, "More backends said what they are, not all were told")]
    private partial void LogMoreIdentified(int count);
}
