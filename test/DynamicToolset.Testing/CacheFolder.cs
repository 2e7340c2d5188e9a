namespace DynamicToolset.Testing;

/// <summary>Where the scripts of <c>eng/cluster</c> keep what takes long to get.</summary>
internal static class CacheFolder
{
    public static string Of(params ReadOnlySpan<string> names)
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } configured
            ? configured
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine([cache, "dynamic-toolset", .. names]);
    }
}
