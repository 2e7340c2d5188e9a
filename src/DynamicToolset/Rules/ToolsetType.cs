using DynamicToolset.Toolsets;

namespace DynamicToolset.Rules;

/// <summary>A kind of backend: how its health is asked and what its toolset says.</summary>
/// <param name="HealthPath">Starts with <c>/</c>.</param>
/// <param name="AcceptsUnauthorized">True where 401 and 403 mean that the backend is there and wants credentials.</param>
/// <param name="Config">
/// A tree in which <c>{endpoint.url}</c>, <c>{service.name}</c> and <c>{service.namespace}</c> are filled in. A <c>${…}</c> is the reader's
/// business and passes through untouched.
/// </param>
public sealed record ToolsetType(string Name, string HealthPath, bool AcceptsUnauthorized, ToolsetValue.Map Config);
