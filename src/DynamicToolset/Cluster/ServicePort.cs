using DynamicToolset.Messages;

namespace DynamicToolset.Cluster;

/// <summary>One entry of a Service's <c>spec.ports</c>.</summary>
/// <param name="Name">The port's name; null where a Service with a single port gives none.</param>
/// <param name="Number">1 to 65535.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
/// <param name="AppProtocol">The hint <c>appProtocol</c>, for example <c>https</c>; null if there is none.</param>
/// <param name="TargetPort">
/// The pods' port: its name, or its number in digits; null where <c>targetPort</c> is left out, which means <paramref name="Number"/>.
/// </param>
public sealed record ServicePort(string? Name, int Number, string Protocol = "TCP", string? AppProtocol = null, string? TargetPort = null)
{
    /// <summary>For a person: <c>9090 (web)</c>, and <c>53 (dns, UDP)</c>.</summary>
    public string Describe()
    {
        IEnumerable<string> more = new[] { Name, Protocol == "TCP" ? null : Protocol }.OfType<string>().Select(QuotedText.OrPlain);
        string extra = string.Join(", ", more);
        return extra.Length == 0 ? $"{Number}" : $"{Number} ({extra})";
    }
}
