using DynamicToolset.Messages;

namespace DynamicToolset.Holmes.Generation;

/// <summary>Places in a toolset, as they are shown to people.</summary>
internal static class KeyPath
{
    public static string InConfig(string key) => Join("config", key);

    public static string Join(string path, string key) => $"{path}.{Of(key)}";

    /// <summary>An admin may write anything as a key, and it must not control a terminal.</summary>
    public static string Of(string key) => key.Contains('.') ? QuotedText.Of(key) : QuotedText.OrPlain(key);
}
