using System.Collections.Immutable;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Holmes;

/// <summary>The fields of an entry: which there are, which must be there, what they may hold, and what the loader makes of them.</summary>
internal static class EntryChecks
{
    private static readonly ImmutableArray<string> MakingAToolset = ["tools", "prerequisites", "tags"];

    public static void Check(HolmesEntry entry, Findings findings)
    {
        if (NameOfAnother(entry) is { } lost)
        {
            findings.ReportAbout(lost.Rule, lost.Position, lost.Subject);
            return;
        }

        Form form = EntryForms.Of(entry);
        foreach (YamlEntry field in entry.Body.Entries)
            CheckKey(entry, form, field, findings);
        foreach (Misfit misfit in form.MisfitsIn(entry.Body, entry.Release))
            findings.Report(misfit, misfit.IsMissing ? HolmesRules.MissingField : HolmesRules.FieldType);
        CheckEnabled(entry, findings);
        CheckPresence(entry, findings);
        ToolChecks.Check(entry, findings);
        TextChecks.Check(entry, findings);
        ConfigChecks.Check(entry, findings);
    }

    /// <summary>What is about an entry that the release takes for something else than was meant.</summary>
    private static HolmesProblem? NameOfAnother(HolmesEntry entry)
    {
        string subject = QuotedText.Of(entry.Name);
        if (entry.Release == HolmesRelease.Older && entry.Kind != EntryKind.Mcp && entry.Type is "http" or "database" or "mongodb")
            return new HolmesProblem(HolmesRules.NewerType, entry.Body["type"]!.Position, subject);
        if (entry.Kind != EntryKind.Commands || !PythonScalar.IsNull(entry.Body["description"]))
            return null;
        if (BuiltInToolsets.AreIn(HolmesRelease.Newer).Contains(entry.Name))
            return new HolmesProblem(HolmesRules.NewerToolset, entry.NamePosition, subject);
        if (BuiltInToolsets.AreIn(HolmesRelease.Older).Contains(entry.Name))
            return new HolmesProblem(HolmesRules.GoneToolset, entry.NamePosition, subject);
        return BuiltInToolsets.RealNameOf(entry.Name) is { } real
            ? new HolmesProblem(HolmesRules.ShortName, entry.NamePosition, $"{subject} instead of {QuotedText.Of(real)}")
            : null;
    }

    private static void CheckKey(HolmesEntry entry, Form form, YamlEntry field, Findings findings)
    {
        HolmesRule unknown = form.Knows(field.Key, HolmesRelease.Newer) ? HolmesRules.NewerField
            : form.Knows(field.Key, HolmesRelease.Older) ? HolmesRules.OlderField
            : HolmesRules.UnknownField;
        if (!form.Knows(field.Key, entry.Release))
            findings.Report(unknown, field.KeyPosition, field.Key);
        if (entry.Kind == EntryKind.BuiltIn && MakingAToolset.Contains(field.Key))
            findings.Report(HolmesRules.BuiltInOverwritten, field.KeyPosition, field.Key);
    }

    private static void CheckEnabled(HolmesEntry entry, Findings findings)
    {
        YamlNode? enabled = entry.Field("enabled");
        if (enabled is null)
            findings.Report(HolmesRules.EnabledMissing, entry.NamePosition, entry.Name);
        else if (entry.Kind != EntryKind.BuiltIn && !entry.IsOff && PythonScalar.Flag(enabled) != true)
            findings.Report(HolmesRules.EnabledNotOff, enabled.Position, entry.Name);
    }

    private static void CheckPresence(HolmesEntry entry, Findings findings)
    {
        bool isOwn = entry.Kind is EntryKind.Commands or EntryKind.Typed;
        bool isDescribed = entry.Kind == EntryKind.Commands || (entry.Kind == EntryKind.Mcp && entry.Release == HolmesRelease.Older);
        if (isDescribed && entry.Body["description"] is null)
            findings.Report(HolmesRules.MissingDescription, entry.NamePosition, entry.Name);
        if ((isOwn || BuiltInToolsets.HasNoInstructions(entry.Name)) && !entry.HasText("llm_instructions"))
            findings.Report(HolmesRules.MissingInstructions, entry.NamePosition, entry.Name);
        if (entry.Kind == EntryKind.Commands && entry.Field("tools") is null or YamlNode.Sequence { Items.IsEmpty: true })
            findings.Report(HolmesRules.MissingTools, entry.NamePosition, entry.Name);
        if (!entry.IsOff && IsForTheCommandLine(entry))
            findings.Report(HolmesRules.CliTag, (entry.Field("tags")?.Position) ?? entry.NamePosition, entry.Name);
    }

    /// <summary>The server takes what is tagged core or cluster. A built-in's own tags stay where the entry's are empty.</summary>
    private static bool IsForTheCommandLine(HolmesEntry entry) => entry.Field("tags") switch
    {
        YamlNode.Sequence { Items: [] } => entry.Kind != EntryKind.BuiltIn || BuiltInToolsets.IsForTheCommandLine(entry.Name),
        YamlNode.Sequence { Items: var tags } => tags.All(t => t is YamlNode.Scalar { Text: "cli" }),
        _ => entry.Kind == EntryKind.BuiltIn && BuiltInToolsets.IsForTheCommandLine(entry.Name),
    };
}
