namespace DynamicToolset.Sandbox.Apply;

/// <summary>An applied field that another manager owns with another value.</summary>
internal sealed record FieldConflict(FieldManagerEntry Owner, string Path);
