namespace DynamicToolset.Service.Options;

/// <summary>Where a value came from, the weakest first.</summary>
public enum SettingSource
{
    Default,
    File,
    Environment,
    Flag,
}
