using System.Collections.Immutable;
using DynamicToolset.Backends;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>A tool that runs a command.</summary>
/// <param name="Name">Of letters, digits and <c>_</c>, and the only one of that name in the file.</param>
internal sealed record CommandTool(string Name, string Description, string Command, params ImmutableArray<HolmesForm.Parameter> Parameters)
{
    /// <summary>What people are shown when it runs, in the place of the command; null for the command.</summary>
    public string? ShownAs { get; init; }

    public ToolsetValue.Map ToValue()
    {
        var fields = new List<(string, ToolsetValue)> { ("name", new ToolsetValue.Text(Name)), ("description", new ToolsetValue.Text(Description)) };
        if (ShownAs is not null)
            fields.Add(("user_description", new ToolsetValue.Text(ShownAs)));
        if (!Parameters.IsEmpty)
            fields.Add(("parameters", ToolsetValue.Map.Of([.. Parameters.Select(p => (p.Name, (ToolsetValue)ToValue(p)))])));
        fields.Add(("command", new ToolsetValue.Text(Command)));
        return ToolsetValue.Map.Of([.. fields]);
    }

    private static ToolsetValue.Map ToValue(HolmesForm.Parameter parameter) => ToolsetValue.Map.Of(
        ("type", new ToolsetValue.Text("string")),
        ("description", new ToolsetValue.Text(parameter.Description)),
        ("required", new ToolsetValue.Flag(true)));
}
