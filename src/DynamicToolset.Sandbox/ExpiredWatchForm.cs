namespace DynamicToolset.Sandbox;

/// <summary>The two ways in which API servers say that a resource version is too old to watch from; clients must understand both.</summary>
public enum ExpiredWatchForm
{
    /// <summary>HTTP 200, then an <c>ERROR</c> event with a Status of code 410.</summary>
    ErrorEvent,

    /// <summary>HTTP 410.</summary>
    HttpStatus,
}
