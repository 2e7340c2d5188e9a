namespace DynamicToolset.Sandbox.Storage;

/// <summary>The history no longer reaches back to the version.</summary>
internal sealed class ExpiredVersionException(long version, long oldest) : Exception($"too old resource version: {version} ({oldest})")
{
}
