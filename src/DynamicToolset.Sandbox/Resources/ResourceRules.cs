using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>What the API server does with objects of one resource beyond storing them. Objects are conformed before each step.</summary>
internal abstract class ResourceRules
{
    /// <summary>Whether a PUT makes an object that is not there.</summary>
    public virtual bool CreatesOnUpdate => false;

    /// <summary>The fields beyond name and namespace that lists and watches can be narrowed by.</summary>
    public virtual IReadOnlyList<string> SelectableFields => [];

    /// <summary>What a selectable field of an object holds; empty where it holds nothing.</summary>
    public virtual string ValueOf(JsonObject value, string field) => "";

    /// <summary>What is wrong with a name, or null.</summary>
    public abstract string? CheckName(string name);

    /// <summary>Fills in what the user left out, the same for every object.</summary>
    public virtual void SetDefaults(JsonObject value)
    {
    }

    /// <summary>Takes over from the stored object what an update may leave out.</summary>
    public virtual void CarryOver(JsonObject value, JsonObject stored)
    {
    }

    /// <summary>Fills in what is unique to the object, after it was found valid.</summary>
    public virtual void Allocate(JsonObject value, ServiceAllocator allocator)
    {
    }

    /// <param name="stored">The object that is replaced; null when a new one is created.</param>
    public abstract IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored);
}

/// <summary>Objects that are kept as they come: ServiceAccounts, for there are no Secrets here, and what would need pods.</summary>
internal sealed class KeptRules : ResourceRules
{
    public override string? CheckName(string name) => KubeNames.CheckDns1123Subdomain(name);

    public override IEnumerable<FieldError> Validate(JsonObject value, JsonObject? stored) => [];
}
