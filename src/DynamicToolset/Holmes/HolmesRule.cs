using System.Diagnostics;

namespace DynamicToolset.Holmes;

/// <summary>One thing that a file for HolmesGPT must not have.</summary>
/// <param name="Id">Stable: lower case words with dashes.</param>
/// <param name="Found">What is wrong, to be read after the name of what has it.</param>
/// <param name="Instead">What to write instead.</param>
public sealed record HolmesRule(string Id, HolmesEffect Effect, string Found, string Instead)
{
    /// <summary>The only target that has the rule; null where all have it.</summary>
    public HolmesTarget? Only { get; init; }

    /// <summary>What HolmesGPT does about it: a sentence without its full stop.</summary>
    public string Consequence { get => field ?? ConsequenceOf(Effect); init; }

    /// <summary>What is wrong, what HolmesGPT does then, what to write instead, and the rule's id.</summary>
    public string MessageAbout(string subject, string? instead = null) => $"{subject} {Found}. {Consequence}. {instead ?? Instead}. [{Id}]";

    private static string ConsequenceOf(HolmesEffect effect) => effect switch
    {
        HolmesEffect.FileLost => "HolmesGPT rejects the whole file, and loads no toolset from it",
        HolmesEffect.RequestsFail => "The model's API rejects every request that lists it",
        HolmesEffect.EntryLost => "HolmesGPT drops this entry and keeps the others",
        HolmesEffect.EntryFails => "HolmesGPT loads the entry, but it fails its check",
        HolmesEffect.Unnoticed => "HolmesGPT silently ignores it",
        HolmesEffect.Unsafe => "HolmesGPT uses it as it is",
        _ => throw new UnreachableException(),
    };
}
