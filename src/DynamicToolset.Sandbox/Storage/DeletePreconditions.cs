namespace DynamicToolset.Sandbox.Storage;

/// <summary>What an object must be for a deletion to happen; null for anything.</summary>
internal sealed record DeletePreconditions(string? Uid = null, string? ResourceVersion = null)
{
    public static DeletePreconditions None { get; } = new();
}
