namespace DynamicToolset.Service.Options;

/// <summary>The values that could be read, each under its definition. A refused setting is not in it.</summary>
internal sealed class SettingValues
{
    private readonly Dictionary<SettingDefinition, (object Value, EffectiveSetting Setting)> _values = [];

    public IEnumerable<EffectiveSetting> Settings => _values.Values.Select(entry => entry.Setting);

    public void Add(EffectiveSetting setting, object value) => _values.Add(setting.Definition, (value, setting));

    public bool Has(SettingDefinition definition) => _values.ContainsKey(definition);

    public EffectiveSetting Setting(SettingDefinition definition) => _values[definition].Setting;

    public T Get<T>(TypedSettingDefinition<T> definition)
        where T : notnull => (T)_values[definition].Value;
}
