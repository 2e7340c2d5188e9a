namespace DynamicToolset.Service.Cli;

/// <param name="Text">With its sign in front, without the break at the end.</param>
internal sealed record DiffLine(DiffLineKind Kind, string Text);
