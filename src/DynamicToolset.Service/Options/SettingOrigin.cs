namespace DynamicToolset.Service.Options;

/// <summary>Where a value came from.</summary>
/// <param name="Place">
/// For people: <c>default</c>, <c>sandbox default</c>, <c>config.yaml:3:21</c>, <c>environment</c>, <c>--port</c>.
/// </param>
public sealed record SettingOrigin(SettingSource Source, string Place);
