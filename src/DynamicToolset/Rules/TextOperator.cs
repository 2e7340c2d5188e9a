namespace DynamicToolset.Rules;

/// <summary>
/// How a text is compared. The first four are those of Kubernetes label selectors, with their meaning,
/// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors.
/// </summary>
public enum TextOperator
{
    /// <summary>It is there, and equal to one of the values.</summary>
    In,

    /// <summary>It is not there, or equal to none of the values.</summary>
    NotIn,

    /// <summary>It is there, with whatever value.</summary>
    Exists,

    /// <summary>It is not there.</summary>
    DoesNotExist,

    /// <summary>One of the regular expressions matches the whole of it.</summary>
    Matches,

    /// <summary>It is one of the values, or ends with <c>-</c> and one: <c>team-a-grafana</c> ends with the word <c>grafana</c>.</summary>
    EndsWithWord,

    /// <summary>One of the values is in it between dashes, its start or its end: <c>my-grafana-service</c> has the word <c>grafana</c>.</summary>
    HasWord,
}
