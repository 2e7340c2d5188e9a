using DynamicToolset.Overrides;
using DynamicToolset.Service.MountedFiles;
using Microsoft.Extensions.Logging;

namespace DynamicToolset.Service.Overriding;

/// <summary>Has the files of OVERRIDES_DIR looked at again and again. What is wrong with them the rounds tell, with all that is wrong.</summary>
/// <param name="changed">Called where the overrides, or the problems with them, are not what they were. Must be quick and not throw.</param>
public sealed partial class OverrideLoop(OverrideSource overrides, Action changed, TimeProvider time, ILogger<OverrideLoop> logger)
    : DirectoryLoop("watch-overrides", time)
{
    protected override void TellStart() => LogRead(NamesOf(overrides.Current));

    protected override DirectoryNews Look()
    {
        DirectoryNews news = overrides.Refresh();
        if (news == DirectoryNews.Changed)
        {
            LogReloaded(NamesOf(overrides.Current));
            changed();
        }

        return news;
    }

    private static string[] NamesOf(OverrideFiles files) => [.. files.Files.Select(f => f.Path)];
}
