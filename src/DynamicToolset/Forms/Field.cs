using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>A field that a map may have.</summary>
internal abstract class Field(string name, Form form, bool isRequired)
{
    public string Name => name;

    public Form Form => form;

    public bool IsRequired => isRequired;

    /// <inheritdoc cref="Form{T}.TryRead"/>
    public abstract bool TryRead(YamlNode node, Action<YamlPosition, string> report, out object? value);
}

/// <inheritdoc/>
internal sealed class Field<T>(string name, Form<T> form, bool isRequired = false) : Field(name, form, isRequired)
{
    public override bool TryRead(YamlNode node, Action<YamlPosition, string> report, out object? value)
    {
        bool isRight = form.TryRead(node, $"\"{Name}\"", report, out T? read);
        value = read;
        return isRight;
    }
}

/// <summary>The fields of one map that were there, all of them right.</summary>
internal sealed class Fields(IReadOnlyDictionary<Field, object?> values)
{
    /// <summary>How many are given.</summary>
    public int Count => values.Count;

    public T Get<T>(Field<T> field, T absent) => values.TryGetValue(field, out object? value) ? (T)value! : absent;

    /// <summary>Null where it is not there.</summary>
    public T? Find<T>(Field<T> field)
        where T : class => (T?)values.GetValueOrDefault(field);

    /// <summary>Of a field that must be there.</summary>
    public T Get<T>(Field<T> field) => (T)values[field]!;
}
