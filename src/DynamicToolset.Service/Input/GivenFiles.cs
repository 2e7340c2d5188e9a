using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Service.Input;

/// <summary>Files that somebody gave, as far as they can be read: one that cannot be is not in the way of the others.</summary>
internal sealed record GivenFiles(List<ManifestFile> Files, List<UnreadableFile> Unreadable);

/// <summary>A file or a directory that cannot be read, or in which there is nothing.</summary>
/// <param name="Why">What it is or lacks, and what to do.</param>
/// <param name="Place">Null where it could not even be opened.</param>
internal sealed record UnreadableFile(string Name, string Why, YamlPosition? Place = null)
{
    private const int LongestName = 4096;

    public override string ToString() => $"{QuotedText.OnOneLine(Name, LongestName)}:{(Place is { } place ? $"{place}:" : "")} {Why}";
}
