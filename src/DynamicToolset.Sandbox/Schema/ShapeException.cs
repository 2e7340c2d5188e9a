namespace DynamicToolset.Sandbox.Schema;

/// <summary>A field holds something else than its schema allows.</summary>
internal sealed class ShapeException(string message) : Exception(message);
