namespace DynamicToolset.Sandbox.Apply;

/// <summary>Which fields differ between two versions of an object.</summary>
/// <param name="Set">Fields that were added or got another value.</param>
/// <param name="Removed">Fields that are gone.</param>
internal sealed record FieldChanges(FieldSet Set, FieldSet Removed)
{
    public static FieldChanges None { get; } = new(FieldSet.Empty, FieldSet.Empty);
}
