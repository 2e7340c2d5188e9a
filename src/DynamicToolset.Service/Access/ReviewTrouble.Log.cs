using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Access;

internal sealed partial class ReviewTrouble
{
    [LoggerMessage(370, LogLevel.Error, "Callers cannot be checked")]
    private partial void LogUnanswered(string error);

    [LoggerMessage(371, LogLevel.Information, "Callers can be checked again")]
    private partial void LogAnsweredAgain(string asked);
}
