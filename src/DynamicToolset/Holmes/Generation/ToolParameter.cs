using DynamicToolset.Values;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// Something that the model fills in when it calls a tool. Always required: of one that is left out HolmesGPT makes an empty text in one release and
/// the word None in another.
/// </summary>
/// <param name="Description">For the model: which values there are, with an example.</param>
internal sealed record ToolParameter(string Name, string Description)
{
    public ToolsetValue.Map ToValue() => ToolsetValue.Map.Of(
        ("type", new ToolsetValue.Text("string")),
        ("description", new ToolsetValue.Text(Description)),
        ("required", new ToolsetValue.Flag(true)));
}
