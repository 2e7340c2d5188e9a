using System.Collections.Immutable;

namespace DynamicToolset.Service.Options;

/// <summary>What reading, help, <c>--print-config</c> and the reference page need to know about one setting.</summary>
/// <param name="Group">The heading under which help and reference list it.</param>
/// <param name="Name">The environment variable, which is also the key in the file.</param>
/// <param name="Default">The value if nobody sets one, as text.</param>
/// <param name="Meaning">One or two sentences.</param>
/// <param name="EmptyMeans">What an empty default means; empty if it just means empty.</param>
/// <param name="DefaultsTo">A setting declared before whose value, where it has one, is the default of this one; empty for none.</param>
/// <param name="OwnFlag">The flag without dashes, where it is not made from the name.</param>
/// <param name="IsSecret">Never shown, neither in errors nor by <c>--print-config</c>.</param>
public sealed record SettingDefinition(
    string Group,
    string Name,
    string Default,
    string Meaning,
    string EmptyMeans = "",
    string DefaultsTo = "",
    string? OwnFlag = null,
    bool IsSecret = false)
{
    /// <summary>The flag without dashes: <c>DISCOVERY_INTERVAL</c> is <c>discovery-interval</c>.</summary>
    public string Flag => OwnFlag ?? Name.ToLowerInvariant().Replace('_', '-');

    /// <summary>What is allowed, as it ends the sentence "allowed: …".</summary>
    public string Allowed { get; init; } = "";

    /// <summary>All that may be written, where that is a few words; else empty.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];

    /// <summary>It names a file or a directory.</summary>
    public bool IsPath { get; init; }

    /// <summary>Its query is never shown.</summary>
    public bool IsUrl { get; init; }

    /// <summary>In a file it may be a list of texts, each of them without a comma.</summary>
    public bool IsList { get; init; }
}
