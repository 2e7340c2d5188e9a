namespace DynamicToolset.Cluster;

/// <summary>What of a backend's URL a Service object cannot show for sure. The host and the port are never a matter of what answers.</summary>
/// <param name="Scheme"><c>http</c>, <c>https</c>, or <see cref="EndpointUrl.Tcp"/>.</param>
/// <param name="Path">Empty, or a prefix such as <c>/prometheus</c> without a slash at its end.</param>
public readonly record struct EndpointForm(string Scheme, string Path);
