namespace DynamicToolset.Service.Options;

/// <summary>How a log line looks.</summary>
public enum LogFormat
{
    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>One readable line, fields as <c>name=value</c>.</summary>
    Text,
}
