namespace DynamicToolset.Validation;

/// <summary>One of the files that were checked.</summary>
/// <param name="Entries">Rules, or toolsets that are overridden, 0 where there is a problem; for HolmesGPT the toolsets and servers that stand in it.</param>
public sealed record CheckedFile(string Name, FileKind Kind, int Entries, bool IsValid);
