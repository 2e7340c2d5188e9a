namespace DynamicToolset.Rules;

/// <summary>Which of a Service's maps a condition reads.</summary>
public enum PairSource
{
    Label,

    /// <summary>Of the annotations that are not this service's own, only those of at most 128 bytes are seen.</summary>
    Annotation,

    /// <summary>The pod selector, <c>spec.selector</c>.</summary>
    Selector,
}
