namespace DynamicToolset.Validation;

/// <summary>One of the files that were checked.</summary>
/// <param name="Entries">Rules, or toolsets that are overridden; 0 where there is a problem.</param>
public sealed record CheckedFile(string Name, FileKind Kind, int Entries, bool IsValid);
