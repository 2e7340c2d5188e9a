using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Rules;
using DynamicToolset.Toolsets;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// Makes the file that stock HolmesGPT loads out of the toolsets of the other keys, and of no others: HolmesGPT checks each entry at its
/// start. The bytes depend on the toolsets and the profile alone.
/// </summary>
public sealed record HolmesGenerator(HolmesProfile Profile)
{
    /// <summary>The inventory is always there, whoever asks for it.</summary>
    private ImmutableArray<string> Bases => [.. Profile.BaseToolsets.Distinct(StringComparer.Ordinal).Where(b => b != DiscoveredName.Inventory.Entry)];

    /// <summary>
    /// The text goes through the same checks as a file of somebody else. An entry that would not stand them is left out, and costs the
    /// others nothing; where that does not help the file is refused.
    /// </summary>
    public HolmesFile Generate(ImmutableArray<Toolset> toolsets)
    {
        Draft draft = Begin(toolsets);
        HolmesFile file = Check(draft, Bases);
        return file.IsRefused ? WithoutTheUnfit(draft) : file;
    }

    /// <summary>The text before any check, to learn its size: what is written is never longer.</summary>
    public HolmesFile Estimate(ImmutableArray<Toolset> toolsets)
    {
        Draft draft = Begin(toolsets);
        return new HolmesFile(Profile, Write(draft, Bases), draft.LeftOut, []);
    }

    private HolmesFile Check(Draft draft, ImmutableArray<string> bases)
    {
        string text = Write(draft, bases);
        return new HolmesFile(Profile, text, draft.LeftOut, HolmesLinter.Lint(text, Profile.Target, bases));
    }

    private HolmesFile WithoutTheUnfit(Draft draft)
    {
        Draft fit = draft with { BuiltIn = Fit(draft.BuiltIn), Discovered = Fit(draft.Discovered) };
        var bases = ImmutableArray.CreateBuilder<string>();
        var unknown = ImmutableArray.CreateBuilder<HolmesOmission>();
        foreach (string name in Bases)
        {
            // One that was discovered is there with its config.
            if (fit.BuiltIn.All(e => e.Name != name) && ProblemOf(BaseEntry(name)) is { } problem)
                unknown.Add(new HolmesOmission(name, "", $"HOLMES_BASE_TOOLSETS: {problem.Message}"));
            else
                bases.Add(name);
        }

        HolmesFile file = Check(fit, bases.ToImmutable());
        return file with { LeftOut = [.. unknown, .. file.LeftOut] };
    }

    private ImmutableArray<DraftEntry> Fit(ImmutableArray<DraftEntry> entries)
    {
        var fit = ImmutableArray.CreateBuilder<DraftEntry>();
        foreach (DraftEntry entry in entries)
        {
            if (ProblemOf(entry) is not { } problem)
                fit.Add(entry);
            else
                entry.LeaveOut(problem.Message);
        }

        return fit.ToImmutable();
    }

    private HolmesProblem? ProblemOf(DraftEntry entry) => HolmesLinter.Lint(HolmesText.Of(entry), Profile.Target, []).FirstOrDefault();

    private Draft Begin(ImmutableArray<Toolset> toolsets)
    {
        var backends = ImmutableArray.CreateBuilder<Backend>();
        var lists = ImmutableArray.CreateBuilder<LeftOut>();
        foreach (Toolset toolset in toolsets.Where(t => t.IsEnabled || t.Name == ToolsetName.Kubernetes))
        {
            var leftOut = new LeftOut(toolset.Name);
            lists.Add(leftOut);
            OtherFields.LeaveOut(toolset, leftOut);
            if (toolset.Name != ToolsetName.Kubernetes && Backend.TryRead(toolset, leftOut) is { } backend)
                backends.Add(backend);
        }

        return new Draft(backends.ToImmutable(), BuiltIn(backends), Discovered(backends), lists.ToImmutable());
    }

    private ImmutableArray<DraftEntry> BuiltIn(IEnumerable<Backend> backends)
    {
        ILookup<BackendKind, Backend> byKind = backends.ToLookup(b => b.Kind);
        return
        [
            .. Enum.GetValues<BackendKind>()
                .Where(byKind.Contains)
                .SelectMany(kind => BuiltInEntries.Of(kind, Profile.Target).Select(e => e.Write([.. byKind[kind]], Profile.Target))),
        ];
    }

    private ImmutableArray<DraftEntry> Discovered(IEnumerable<Backend> backends)
    {
        ImmutableArray<Backend> others = [.. backends.Where(b => !BuiltInEntries.Of(b.Kind, Profile.Target).Any())];
        ImmutableDictionary<string, DiscoveredName> names = DiscoveredName.For(others.Select(b => b.Name));
        return [.. others.Select(b => EntryFor(b, names[b.Name])).OfType<DraftEntry>()];
    }

    private DraftEntry? EntryFor(Backend backend, DiscoveredName name) => backend.Kind switch
    {
        BackendKind.Jaeger => JaegerEntry.Write(backend, name),
        BackendKind.Elasticsearch => ElasticsearchEntry.Write(backend, name),
        BackendKind.Custom => CustomEntry.Write(backend, name, Profile.Target),
        _ => throw new UnreachableException(),
    };

    /// <summary>In this order: the base toolsets, HolmesGPT's other ones, and by their names those that are not HolmesGPT's.</summary>
    private static string Write(Draft draft, ImmutableArray<string> bases)
    {
        ImmutableArray<DraftEntry> made = [.. draft.BuiltIn, .. draft.Discovered.OrderBy(e => e.Name, StringComparer.Ordinal)];
        IEnumerable<DraftEntry> entries = bases.Select(b => made.FirstOrDefault(e => e.Name == b) ?? BaseEntry(b))
            .Concat(made.Where(e => !bases.Contains(e.Name)));
        ILookup<bool, DraftEntry> parts = entries.ToLookup(e => e.IsDiscovered && string.CompareOrdinal(e.Name, DiscoveredName.Inventory.Entry) > 0);
        HashSet<string> asked = [.. made.SelectMany(e => e.Backends).Select(b => b.Name)];
        return HolmesText.Of(parts[false], hash => InventoryEntry.Write(draft.Backends, b => asked.Contains(b.Name), hash), parts[true]);
    }

    private static DraftEntry BaseEntry(string name) => new(name, ToolsetValue.Map.Of(("enabled", new ToolsetValue.Flag(true))), []);

    /// <param name="Discovered">Without the inventory.</param>
    /// <param name="Lists">What is left out, by toolset.</param>
    private sealed record Draft(
        ImmutableArray<Backend> Backends, ImmutableArray<DraftEntry> BuiltIn, ImmutableArray<DraftEntry> Discovered, ImmutableArray<LeftOut> Lists)
    {
        public ImmutableArray<HolmesOmission> LeftOut => [.. Lists.SelectMany(l => l.Omissions)];
    }
}
