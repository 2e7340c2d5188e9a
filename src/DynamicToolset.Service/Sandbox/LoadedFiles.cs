using System.Globalization;
using DynamicToolset.Messages;
using DynamicToolset.Sandbox;
using DynamicToolset.Service.Input;

namespace DynamicToolset.Service.Sandbox;

/// <summary>What came of the manifests with which the sandbox begins, for people.</summary>
internal sealed class LoadedFiles(SandboxManifests manifests)
{
    private const int MostKinds = 10;
    private const int LongestKind = 130;

    /// <summary>Objects that are there now.</summary>
    public int Count => manifests.Loaded;

    /// <summary>What is wrong, and is not there.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Services that could not be in any cluster.</summary>
    public List<string> Impossible { get; } = [];

    /// <summary>One line for all objects of kinds that the sandbox does not have; null where there are none.</summary>
    public string? Unknown => manifests.Unknown.Count == 0
        ? null
        : $"skipped, since the sandbox does not support these kinds: {string.Join(", ", manifests.Unknown.Take(MostKinds).Select(Told))}{More(manifests.Unknown.Count)}";

    public void Add(ManifestFile file)
    {
        (var faults, var impossible) = manifests.Load(file.Text);
        Faults.AddRange(faults.Select(p => $"{file.Name}:{p}"));
        Impossible.AddRange(impossible.Select(p => $"{file.Name}:{p}; passed over"));
    }

    private static string Told(KeyValuePair<string, int> kind) =>
        QuotedText.OnOneLine(kind.Key, LongestKind) + (kind.Value > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({kind.Value})") : "");

    private static string More(int kinds) => kinds > MostKinds ? string.Create(CultureInfo.InvariantCulture, $", and {kinds - MostKinds} more kinds") : "";
}
