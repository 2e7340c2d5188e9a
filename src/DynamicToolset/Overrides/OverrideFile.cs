using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DynamicToolset.Messages;
using DynamicToolset.Rules;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Overrides;

/// <summary>What one file of OVERRIDES_DIR says, or said last.</summary>
/// <param name="Path">Of the file; of the directory where that cannot be read.</param>
public sealed record OverrideFile(string Path, OverrideState State)
{
    /// <summary>Its name in messages next to the key <c>overrides.yaml</c>, which a file may be called too. The same wherever it is mounted.</summary>
    public string Origin => $"{QuotedText.OrPlain(Path[(Path.LastIndexOf('/') + 1)..])} of OVERRIDES_DIR";

    public IEnumerable<RuleProblem> Warnings => State.Slips.Select(s => new RuleProblem(Path, s.Position, s.Message));

    /// <summary>All that is wrong with the present text.</summary>
    public IEnumerable<RuleProblem> Problems => Problem is { } first
        ? [first, .. State.OtherProblems.Select(p => new RuleProblem(Path, p.Position, p.Message))]
        : [];

    /// <summary>The first thing that is wrong; null where nothing is.</summary>
    public RuleProblem? Problem => State.Problem is { } problem ? new RuleProblem(Path, problem.Position, problem.Message) : null;
}

/// <summary>
/// Overrides that lie below the key <c>overrides.yaml</c>: of two files that speak of one value, the later one counts. A file that cannot be understood
/// keeps what it said last, and the others count. Equal where the content is.
/// </summary>
/// <param name="Files">In the order in which they count.</param>
public sealed record OverrideFiles(ImmutableArray<OverrideFile> Files)
{
    private readonly Lazy<string> _fingerprint = new(() => FingerprintOf(Files));

    public static OverrideFiles None { get; } = new([]);

    /// <summary>The same where they say the same, whatever they are called.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>Of each file the first, with the number of the others in it.</summary>
    public IEnumerable<RuleProblem> Problems => Files.Select(f => RuleProblem.FirstOf(f.Problems)).OfType<RuleProblem>();

    /// <summary>The first reading: a file with an error has no last good content yet.</summary>
    public static OverrideFiles Read(IEnumerable<RuleFile> files, IEnumerable<RuleProblem> unreadable) => Read(files, unreadable, _ => OverrideState.Start);

    /// <summary>A later one. A new file that cannot be understood has said nothing yet. Where the directory cannot be read all stay.</summary>
    /// <param name="directory">Its own path, under which <paramref name="unreadable"/> has what is wrong with it.</param>
    public OverrideFiles Next(IEnumerable<RuleFile> files, ImmutableArray<RuleProblem> unreadable, string directory)
    {
        Dictionary<string, OverrideState> before = Files.ToDictionary(f => f.Path, f => f.State, StringComparer.Ordinal);
        IEnumerable<OverrideFile> kept = unreadable.Any(p => p.File == directory)
            ? Files.Where(f => f.Path != directory).Select(f => f with { State = f.State with { Problem = null } })
            : [];
        return new OverrideFiles([.. kept, .. Read(files, unreadable, path => before.GetValueOrDefault(path, Silent)).Files]);
    }

    /// <summary>With others over these, in the order in which they are given.</summary>
    public OverrideFiles Then(IEnumerable<RuleFile> files)
    {
        var nodes = new NodeCounter(OverrideParser.Nodes);
        return new OverrideFiles(
            [.. Files, .. files.Select(f => new OverrideFile(f.Name, OverrideState.Start.Next(OverrideParser.Parse(f.Text, nodes))))]);
    }

    public bool Equals(OverrideFiles? other) => other is not null && Files.SequenceEqual(other.Files);

    public override int GetHashCode() => Files.Length;

    private static string FingerprintOf(ImmutableArray<OverrideFile> files)
    {
        var text = new StringBuilder();
        foreach ((string name, ToolsetValue.Map body) in files.SelectMany(f => f.State.InForce ?? OverrideSet.None.Entries))
            text.Append(name).Append('\n').AppendEntries(body, indent: 1);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static OverrideState Silent { get; } = new(OverrideSet.None.Entries, null);

    private static OverrideFiles Read(IEnumerable<RuleFile> files, IEnumerable<RuleProblem> unreadable, Func<string, OverrideState> before)
    {
        var nodes = new NodeCounter(OverrideParser.Nodes);
        IEnumerable<OverrideFile> read = files.Select(f => new OverrideFile(f.Name, before(f.Name).Next(OverrideParser.Parse(f.Text, nodes))));
        IEnumerable<OverrideFile> failed = unreadable.Select(p => new OverrideFile(
            p.File, before(p.File).Next(OverrideSet.None with { Problem = new YamlProblem(p.Position, p.Message) })));
        return new OverrideFiles([.. read.Concat(failed).OrderBy(f => f.Path, StringComparer.Ordinal)]);
    }
}
