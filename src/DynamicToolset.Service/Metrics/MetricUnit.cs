namespace DynamicToolset.Service.Metrics;

/// <summary>Units of instruments, as UCUM writes them, https://ucum.org/ucum; what is counted stands in braces, such as <c>{request}</c>.</summary>
internal static class MetricUnit
{
    public const string Seconds = "s";

    public const string Bytes = "By";

    /// <summary>Of what is 1 or 0.</summary>
    public const string One = "1";

    /// <summary>The word at the end of a metric's name; null if there is none.</summary>
    public static string? WordFor(string unit) => unit switch
    {
        Seconds => "seconds",
        Bytes => "bytes",
        _ => null,
    };
}
