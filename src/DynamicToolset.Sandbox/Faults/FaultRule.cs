namespace DynamicToolset.Sandbox.Faults;

/// <summary>Which requests a fault befalls.</summary>
/// <param name="Verb">As in RBAC; null for any.</param>
/// <param name="Resource">The plural name; null for any.</param>
/// <param name="First">The first of the matching requests that it befalls, counted from 1.</param>
/// <param name="Times">How many matching requests in a row it befalls.</param>
public sealed record FaultRule(Fault Fault, string? Verb = null, string? Resource = null, int First = 1, int Times = 1)
{
    internal bool Matches(string verb, string resource) => (Verb is null || Verb == verb) && (Resource is null || Resource == resource);
}
