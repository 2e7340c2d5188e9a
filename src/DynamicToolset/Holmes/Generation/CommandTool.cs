using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>A tool that runs a command.</summary>
/// <param name="Name">Of letters, digits and <c>_</c>, and the only one of that name in the file.</param>
internal sealed record CommandTool(string Name, string Description, string Command, params ImmutableArray<ToolParameter> Parameters)
{
    /// <summary>What people are shown when it runs, in the place of the command; null for the command.</summary>
    public string? ShownAs { get; init; }

    public ToolsetValue.Map ToValue()
    {
        var fields = new List<(string, ToolsetValue)> { ("name", new ToolsetValue.Text(Name)), ("description", new ToolsetValue.Text(Description)) };
        if (ShownAs is not null)
            fields.Add(("user_description", new ToolsetValue.Text(ShownAs)));
        if (!Parameters.IsEmpty)
            fields.Add(("parameters", new ToolsetValue.Map([.. Parameters.Select(p => KeyValuePair.Create(p.Name, (ToolsetValue)p.ToValue()))])));
        fields.Add(("command", new ToolsetValue.Text(Command)));
        return ToolsetValue.Map.Of([.. fields]);
    }
}
