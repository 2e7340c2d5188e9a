namespace DynamicToolset.Service.Cli;

/// <summary>That standard output takes no more: a full disk, or none at all.</summary>
internal static class OutputFailure
{
    /// <summary>A program that is started without standard output (<c>&gt;&amp;-</c>) is refused access to it.</summary>
    public static bool IsOne(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
