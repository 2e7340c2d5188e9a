namespace DynamicToolset.Service.Options;

/// <summary>A value in a settings file; a list is joined by commas.</summary>
/// <param name="Place"><c>path:line:column</c> of the value.</param>
public sealed record SettingsFileEntry(string Text, string Place);
