using System.Collections.Immutable;
using System.Diagnostics;
using DynamicToolset.Backends;
using DynamicToolset.Messages;
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
    /// <summary>An entry that would not stand the last check is left out, and costs the others nothing; the inventory costs the file.</summary>
    /// <param name="toolsets">Where HolmesGPT takes one of a kind, it is the one with the first place, and of those without a place the first here.</param>
    public HolmesFile Generate(ImmutableArray<Toolset> toolsets)
    {
        var lists = new List<LeftOut>();
        ImmutableArray<Backend> backends = Read(toolsets, lists);
        ImmutableArray<DraftEntry> builtIn = [.. BuiltIn(backends).Where(IsFit)], discovered = [.. Discovered(backends).Where(IsFit)];
        var unknown = new List<HolmesOmission>();
        ImmutableArray<DraftEntry> bases = Bases(builtIn, unknown);
        // In this order: the base toolsets, HolmesGPT's other ones, and by their names those that are not HolmesGPT's.
        ILookup<bool, DraftEntry> behindTheInventory = bases
            .Concat(builtIn.Except(bases))
            .Concat(discovered.OrderBy(e => e.Name, StringComparer.Ordinal))
            .ToLookup(e => e.IsDiscovered && string.CompareOrdinal(e.Name, DiscoveredName.Inventory.Entry) > 0);
        HashSet<string> asked = [.. builtIn.Concat(discovered).SelectMany(e => e.Backends).Select(b => b.Name)];
        ImmutableArray<ToldElsewhere> told = [.. builtIn.Select(e => e.Told).OfType<ToldElsewhere>()];
        string text = HolmesText.Of(behindTheInventory[false], Inventory, behindTheInventory[true]);
        string? problem = FitnessCheck.ProblemOf(Inventory(HolmesText.NoHash));
        return new HolmesFile(Profile, text, [.. unknown, .. lists.SelectMany(l => l.Omissions)], problem is null ? [] : [problem]);

        DraftEntry Inventory(string hash) => InventoryEntry.Write(backends, asked, told, hash);
    }

    private ImmutableArray<Backend> Read(ImmutableArray<Toolset> toolsets, List<LeftOut> lists)
    {
        var backends = ImmutableArray.CreateBuilder<Backend>();
        foreach (Toolset toolset in toolsets.Where(t => t.IsEnabled || t.Name == ToolsetName.Kubernetes))
        {
            var leftOut = new LeftOut(toolset.Name);
            lists.Add(leftOut);
            OtherFields.LeaveOut(toolset, leftOut);
            if (toolset.Name != ToolsetName.Kubernetes && Backend.TryRead(toolset, leftOut) is { } backend)
                backends.Add(backend with { IsUnverified = Profile.TakesAnyCertificate && backend.Check?.Endpoint.Scheme == "https" });
        }

        return backends.ToImmutable();
    }

    private IEnumerable<DraftEntry> BuiltIn(ImmutableArray<Backend> backends)
    {
        ILookup<BackendKind, Backend> byKind = backends.OrderBy(b => b.Turn).ToLookup(b => b.Kind);
        return
            from kind in BackendKinds.All.Where(byKind.Contains)
            from form in kind.FormsFor(Profile.Target).OfType<HolmesForm.BuiltIn>()
            select BuiltInEntry.Write(form, [.. byKind[kind]], Profile.Target);
    }

    private IEnumerable<DraftEntry> Discovered(ImmutableArray<Backend> backends)
    {
        ImmutableArray<Backend> others = [.. backends.Where(b => b.Kind.FormsFor(Profile.Target)[0] is not HolmesForm.BuiltIn)];
        ImmutableDictionary<string, DiscoveredName> names = DiscoveredName.For(others.Select(b => b.Name));
        return others.Select(b => EntryFor(b, names[b.Name])).OfType<DraftEntry>();
    }

    private DraftEntry? EntryFor(Backend backend, DiscoveredName name) => backend.Kind.FormsFor(Profile.Target)[0] switch
    {
        HolmesForm.Commands form => CommandEntry.Write(form, backend, name),
        HolmesForm.Http form when backend.Url.Plain is { Path: not ("" or "/") } => CommandEntry.Write(form.BelowAPath, backend, name),
        HolmesForm.Http form => HttpEntry.Write(form, backend, name),
        _ => throw new UnreachableException(),
    };

    /// <summary>Each as it was discovered, else as it is. What HolmesGPT would not take is told: somebody chose these names.</summary>
    private ImmutableArray<DraftEntry> Bases(ImmutableArray<DraftEntry> builtIn, List<HolmesOmission> unknown)
    {
        var bases = ImmutableArray.CreateBuilder<DraftEntry>();
        // The inventory is always there, whoever asks for it.
        foreach (string name in Profile.BaseToolsets.Distinct(StringComparer.Ordinal).Where(b => b != DiscoveredName.Inventory.Entry))
        {
            DraftEntry entry = builtIn.FirstOrDefault(e => e.Name == name) ?? new DraftEntry(name, ToolsetValue.Map.Of(DraftEntry.Enabled), []);
            if (entry.Backends.IsEmpty && ProblemWithBase(entry) is { } problem)
                unknown.Add(new HolmesOmission(name, "", $"HOLMES_BASE_TOOLSETS: {problem}"));
            else
                bases.Add(entry);
        }

        return bases.ToImmutable();
    }

    private string? ProblemWithBase(DraftEntry entry) => BuiltInToolsets.ProblemWith(entry.Name, Profile.Target) is { } problem
        ? $"{QuotedText.Of(entry.Name)} {problem}"
        : HolmesLinter.Lint(HolmesText.Of(entry), Profile.Target, [])
            .FirstOrDefault(p => !p.IsWarning && !(p.Rule == HolmesRules.MissingConfigKey && BuiltInToolsets.AsksItsEnvironment(entry.Name)))?.Message;

    /// <summary>Those whom the entry asks may well be asked by another one, so it is named to all of them.</summary>
    private static bool IsFit(DraftEntry entry)
    {
        if (FitnessCheck.ProblemOf(entry) is not { } problem)
            return true;
        foreach (Backend backend in entry.Backends)
            backend.LeftOut.AddWhole($"the entry {entry.Name} is missing: {problem}");
        return false;
    }
}
