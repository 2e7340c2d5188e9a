namespace DynamicToolset.Holmes.Generation;

/// <summary>What HolmesGPT takes as the value of a config key; with another one the toolset fails its check.</summary>
internal enum ConfigValueKind
{
    Text,

    /// <summary>A URL for people, which is never called.</summary>
    Link,

    /// <summary>Not negative.</summary>
    WholeNumber,

    /// <summary>A number from one up.</summary>
    Count,

    /// <summary>How long to wait: whole seconds, from one up to a day.</summary>
    Seconds,

    Switch,

    /// <summary>A map from text to text, such as labels.</summary>
    Texts,

    /// <summary>As <see cref="Texts"/>, of names and values that HTTP sends.</summary>
    Headers,

    /// <summary>As <see cref="Seconds"/>, but in Go notation; it is written as whole seconds, with a part of one counted as one.</summary>
    Duration,
}
