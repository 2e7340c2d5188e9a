namespace DynamicToolset.Discovery;

/// <summary>A detected Service with the toolset name that it got.</summary>
public sealed record NamedEndpoint(string Name, Detection.Matched Detection);
