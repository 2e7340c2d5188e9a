namespace DynamicToolset.Holmes.Generation;

/// <summary>What HolmesGPT takes as the value of a config key; with another one the toolset fails its check.</summary>
internal enum ConfigValueKind
{
    Text,

    /// <summary>A URL for people, which nobody calls.</summary>
    Link,

    /// <summary>Not negative.</summary>
    WholeNumber,

    Switch,

    /// <summary>A map from text to text, such as headers.</summary>
    Texts,

    /// <summary>A duration in Go notation, which is written as whole seconds.</summary>
    Duration,
}
