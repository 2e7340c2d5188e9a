using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Selectors;

/// <summary>Which objects of a resource a request means.</summary>
/// <param name="Namespace">Empty for all.</param>
internal sealed record ObjectFilter(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public static ObjectFilter All { get; } = new("", LabelSelector.Everything, FieldSelector.Everything);

    public bool HasSelector => !Labels.IsEmpty || !Fields.IsEmpty;

    public bool Matches(StoredObject value) => IsInNamespace(value) && Labels.Matches(value.Labels) && Fields.Matches(value);

    public bool IsInNamespace(StoredObject value) => Namespace.Length == 0 || value.Key.Namespace == Namespace;
}
