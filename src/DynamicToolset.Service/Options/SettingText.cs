namespace DynamicToolset.Service.Options;

/// <summary>Makes the results of reading a setting's text.</summary>
public static class SettingText
{
    public static ReadSetting<T> Of<T>(T value)
        where T : notnull => new(value, false, "");

    public static ReadSetting<T> Refused<T>(string culprit = "")
        where T : notnull => new(default, true, culprit);
}
