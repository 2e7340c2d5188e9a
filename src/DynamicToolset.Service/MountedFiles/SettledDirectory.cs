namespace DynamicToolset.Service.MountedFiles;

/// <summary>
/// A directory whose content counts when nobody is writing there any more: what comes through the kubelet's link at once, all else once it is the same
/// in two looks that follow each other. One caller at a time.
/// </summary>
/// <param name="hash">Of the content that counts.</param>
public sealed class SettledDirectory(MountedDirectory directory, string hash)
{
    private string _hash = hash;
    private string _seen = "";

    /// <summary>Looks again.</summary>
    /// <param name="content">What counts from now on where the answer is <see cref="DirectoryNews.Changed"/>.</param>
    public DirectoryNews Refresh(out DirectoryContent content)
    {
        content = directory.Read(_hash);
        bool isSettled = content.Hash == _seen || directory.IsSwapped(content);
        _seen = content.Hash;
        if (content.Hash == _hash)
            return DirectoryNews.None;
        if (!isSettled)
            return DirectoryNews.Unsettled;
        _hash = content.Hash;
        return DirectoryNews.Changed;
    }
}

/// <summary>What a look at a directory found.</summary>
public enum DirectoryNews
{
    /// <summary>It is what it was.</summary>
    None,

    /// <summary>It is another one, and may be half written. Another look tells.</summary>
    Unsettled,

    /// <summary>It is another one, better or worse.</summary>
    Changed,
}
