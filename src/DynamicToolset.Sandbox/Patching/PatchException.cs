namespace DynamicToolset.Sandbox.Patching;

/// <summary>A patch that cannot be read (<paramref name="IsMalformed"/>) or that does not fit the object.</summary>
internal sealed class PatchException(string message, bool IsMalformed = false) : Exception(message)
{
    public bool IsMalformed { get; } = IsMalformed;
}
