using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// A toolset that tells the model what was found. Its tool's description carries a hash of the whole file, since HolmesGPT from 0.31 on
/// takes a changed file only where a name or a tool's description changed; a new URL alone it would not see.
/// </summary>
internal static class InventoryEntry
{
    /// <summary>Linux takes no argument of a process over 128 KiB (MAX_ARG_STRLEN, execve(2)), and a command is one argument of the shell.</summary>
    private const int LongestCommand = 64 * 1024;

    /// <summary>With the rest it stays within the 1024 characters that the APIs of models take as a description.</summary>
    private const int LongestOfDescription = 800;

    /// <summary>Of one toolset: a prompt is short of room, and an admin may have written a book.</summary>
    public const int LongestOfInstructions = 2000;

    private const string Start = "printf '%s %s %s\\n' TYPE URL TOOLSET";

    /// <param name="asked">The names of the backends that an entry of the file asks.</param>
    /// <param name="told">What HolmesGPT would not pass on to the model from the entries themselves.</param>
    public static DraftEntry Write(ImmutableArray<Backend> backends, HashSet<string> asked, ImmutableArray<ToldElsewhere> told, string contentHash)
    {
        DiscoveredName name = DiscoveredName.Inventory;
        string tool = name.Tool("show");
        string places = string.Concat(told.Select(t => $" {t.Toolset} asks {t.Places}."));
        var show = new CommandTool(
            tool,
            "Shows the observability services that were discovered in this cluster and answer, with their type and URL"
                + $" (content {contentHash}).{Within(places, LongestOfDescription)}",
            Command(backends, asked))
        { ShownAs = "the discovered observability services" };
        string instructions = string.Concat(told.Select(t => $" {t.Toolset}: {Within(t.Instructions, LongestOfInstructions)} It asks {t.Places}."));
        var body = ToolsetValue.Map.Of(
            DraftEntry.Enabled,
            (OwnWords.Description, new ToolsetValue.Text("The observability services that were discovered in this cluster.")),
            (OwnWords.Instructions, new ToolsetValue.Text(
                $"Call {tool} when you need to know which observability services this cluster has and where, or which of several of one kind a toolset asks:"
                + $" in the column TOOLSET yes says that a toolset here asks it, no that none does.{instructions}{SelfDescriptions.Of(backends)}")),
            ("tools", new ToolsetValue.List([show.ToValue()])));
        return new DraftEntry(name.Entry, body, []);
    }

    /// <summary>Not between the halves of one character.</summary>
    private static string Within(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";

    private static string Command(ImmutableArray<Backend> backends, HashSet<string> asked)
    {
        var command = new StringBuilder(Start);
        int hidden = 0;
        foreach (Backend backend in backends)
        {
            string line = backend.Url.Plain is { } url ? $" {backend.Kind.Name} {url.Quoted} {(asked.Contains(backend.Name) ? "yes" : "no")}" : "";
            // The rest is left for the count.
            if (line.Length == 0 || command.Length + line.Length > LongestCommand - 32)
                hidden++;
            else
                command.Append(line);
        }

        if (hidden > 0)
            command.Append(CultureInfo.InvariantCulture, $" and {hidden} more");
        return command.ToString();
    }
}
