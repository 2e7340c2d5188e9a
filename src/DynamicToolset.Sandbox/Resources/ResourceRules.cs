using System.Text.Json.Nodes;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>What the API server does with objects of one resource beyond storing them. Objects are conformed before each step.</summary>
internal abstract class ResourceRules
{
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
