namespace DynamicToolset.Rules;

/// <summary>Which scheme a rule's endpoints have.</summary>
public enum SchemeChoice
{
    /// <summary>As the Service shows it; see <c>ServicePorts.SchemeOf</c>.</summary>
    Auto,

    Http,

    Https,
}
