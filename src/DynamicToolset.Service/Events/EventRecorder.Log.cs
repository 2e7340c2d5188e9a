using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Events;

public sealed partial class EventRecorder
{
    [LoggerMessage(320, LogLevel.Warning, "Events cannot be written, trying again")]
    private partial void LogFailed(string error);
}
