using DynamicToolset.Toolsets;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Something that the model fills in when it calls a tool.</summary>
/// <param name="Description">For the model: which values there are, with an example.</param>
internal sealed record ToolParameter(string Name, string Description)
{
    /// <summary>False only where the command does the right thing with an empty text in its place.</summary>
    public bool IsRequired { get; init; } = true;

    public ToolsetValue.Map ToValue() => ToolsetValue.Map.Of(
        ("type", new ToolsetValue.Text("string")),
        ("description", new ToolsetValue.Text(Description)),
        ("required", new ToolsetValue.Flag(IsRequired)));
}
