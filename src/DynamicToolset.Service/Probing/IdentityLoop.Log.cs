using DynamicToolset.Identification;
using DynamicToolset.Rules;
using DynamicToolset.Service.Loops;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Probing;

public sealed partial class IdentityLoop
{
    /// <summary>Lines per minute: a backend may answer differently each time.</summary>
    private const int MostTold = 100;

    private readonly LineBudget _lines;

    private void Tell(IdentityTarget target, IdentityTable before, IdentityTable after)
    {
        if (after.Find(target.Key) is { } identity && identity != before.Find(target.Key) && _lines.TryTake())
        {
            (string service, string endpoint) = (target.Key.Service.ToString(), target.Endpoint.ToString());
            string? was = before.Find(target.Key)?.Name ?? target.Product;
            if (before.IsAsked(target.Key) && was is not null && was != identity.Name)
                LogContradicted(service, endpoint, identity.Name, identity.Version, was);
            else
                LogIdentified(service, endpoint, identity.Name, identity.Version);
        }

        if (after.VerdictOf(target.Key) != before.VerdictOf(target.Key) && _lines.TryTake())
            LogVerdict(target.Key.Service.ToString(), target.Endpoint.ToString(), Word(after.VerdictOf(target.Key)), Word(before.VerdictOf(target.Key)));
    }

    private static string Word(QuestionVerdict? verdict) => verdict?.Word() ?? "unknown";

    private void TellLeftOut()
    {
        if (_lines.TakeLeftOut() is > 0 and int more)
            LogMoreIdentified(more);
    }

    [LoggerMessage(354, LogLevel.Information, "Backend identified")]
    private partial void LogIdentified(string service, string endpoint, string product, string? version);

    [LoggerMessage(357, LogLevel.Warning, "Backend identified twice as another product")]
    private partial void LogContradicted(string service, string endpoint, string product, string? version, string before);

    [LoggerMessage(356, LogLevel.Information, "Verdict for HolmesGPT changed")]
    private partial void LogVerdict(string service, string endpoint, string verdict, string before);

    [LoggerMessage(355, LogLevel.Information, "More backends said something new, not all are logged")]
    private partial void LogMoreIdentified(int count);
}
