namespace DynamicToolset.Rules;

/// <summary>The product that a backend identified as.</summary>
/// <param name="Name">Of the product, as a rule calls it.</param>
/// <param name="Version">As it says itself; null where it says none, or one that does not look like a version.</param>
public sealed record BackendIdentity(string Name, string? Version = null)
{
    /// <summary>In characters. Longer than any version that a product was seen to have.</summary>
    private const int LongestVersion = 64;

    /// <summary>
    /// Whoever answers writes the version, and it is shown to people, in logs and in the browser: what has any other character than those of versions
    /// is no version.
    /// </summary>
    internal static string? VersionIn(string? text) => text is { Length: > 0 and <= LongestVersion } && text.All(IsOfVersion) ? text : null;

    private static bool IsOfVersion(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+' or '_' or '~';

    public override string ToString() => Version is null ? Name : $"{Name} {Version}";
}
