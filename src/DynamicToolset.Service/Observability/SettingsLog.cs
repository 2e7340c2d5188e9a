using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Observability;

/// <summary>What the service says about its settings at the start.</summary>
public static partial class SettingsLog
{
    /// <summary>One warning for each setting that somebody changed in vain.</summary>
    public static void WarnWithoutEffect(ILogger log, ImmutableArray<string> settings)
    {
        foreach (string setting in settings)
            HasNoEffect(log, setting);
    }

    [LoggerMessage(LogLevel.Warning, "Setting has no effect yet")]
    private static partial void HasNoEffect(ILogger log, string setting);
}
