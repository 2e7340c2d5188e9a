using DynamicToolset.Messages;

namespace DynamicToolset.Holmes;

/// <summary>What an entry is called decides what HolmesGPT takes it for.</summary>
internal static class NameChecks
{
    public static void Check(HolmesEntry entry, Findings findings)
    {
        if (!IsPath(entry.Name))
            findings.Report(HolmesRules.BadName, entry.NamePosition, entry.Name);
        if (entry.Kind == EntryKind.BuiltIn)
            CheckBuiltIn(entry, findings);
        else if (entry.MeantBuiltIn is { } real)
            findings.ReportAbout(HolmesRules.ShortName, entry.NamePosition, $"{QuotedText.Of(entry.Name)} instead of {QuotedText.Of(real)}");
        else if (entry.Kind != EntryKind.Mcp && BuiltInToolsets.IsInTheirFamily(entry.Name))
            findings.Report(HolmesRules.ReservedName, entry.NamePosition, entry.Name);
    }

    private static void CheckBuiltIn(HolmesEntry entry, Findings findings)
    {
        if (BuiltInToolsets.IsNewer(entry.Name))
            findings.Report(HolmesRules.NewerToolset, entry.NamePosition, entry.Name);
        if (BuiltInToolsets.IsGone(entry.Name))
            findings.Report(HolmesRules.GoneToolset, entry.NamePosition, entry.Name);
    }

    /// <summary>Dots are left to the rule about keys, which has more to say about them.</summary>
    private static bool IsPath(string name) =>
        name.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'));
}
