using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>Gets settings from where they are: command line, environment and the file that one of the two names.</summary>
internal static class SettingsSource
{
    public static SettingsReading Read(
        SettingsProfile profile, IReadOnlyDictionary<SettingDefinition, string> flags, Func<string, string?> environment)
    {
        var reader = new SettingsReader(profile, flags, environment);
        return reader.Read(ReadFile(reader.ConfigFile));
    }

    private static SettingsFile ReadFile(string path)
    {
        if (path.Length == 0)
            return SettingsFile.None;
        try
        {
            return SettingsFile.Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return SettingsFile.None with { Problems = [$"CONFIG_FILE: \"{path}\" cannot be read: {e.Message}"] };
        }
    }
}
