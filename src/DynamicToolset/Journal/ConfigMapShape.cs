using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Journal;

/// <summary>
/// A ConfigMap as what is other than in the one before. A value that is what this program wanted there is not written: whoever reads has made it too.
/// </summary>
internal static class ConfigMapShape
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <param name="before">Null for none, so that all is written.</param>
    /// <param name="wanted">What was decided last.</param>
    public static void Write(
        Pen pen, ConfigMapRecord value, ConfigMapRecord? before, ImmutableArray<KeyValuePair<string, string>> wanted, ShownTexts texts)
    {
        Rest(pen, value, NoPairs);
        var wantedOf = wanted.ToDictionary(StringComparer.Ordinal);
        pen.Writer!.WriteStartObject("data");
        foreach ((string key, string text) in value.Data.Where(d => before?.Data.GetValueOrDefault(d.Key) != d.Value))
        {
            if (wantedOf.GetValueOrDefault(key) == text)
                pen.Writer.WriteBoolean(key, true);
            else
                pen.Writer.WriteString(key, texts.Of(key, text));
        }

        foreach (string gone in before?.Data.Keys.Where(k => !value.Data.ContainsKey(k)) ?? [])
            pen.Writer.WriteNull(gone);
        pen.Writer.WriteEndObject();
    }

    public static ConfigMapRecord Read(Pen pen, ConfigMapRecord? before, ImmutableArray<KeyValuePair<string, string>> wanted)
    {
        ImmutableSortedDictionary<string, string>.Builder data = (before?.Data ?? NoPairs).ToBuilder();
        foreach (JsonProperty field in Pen.Fields(pen.Find("data") ?? throw Pen.Wrong("data"), "data"))
        {
            string? text = field.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.True => wanted.FirstOrDefault(w => w.Key == field.Name).Value,
                _ => Pen.TextIn(field.Value, field.Name),
            };
            if (text is null)
                data.Remove(field.Name);
            else
                data[field.Name] = text;
        }

        return Rest(pen, null, data.ToImmutable());
    }

    /// <summary>Of labels and annotations only those that this program has: what others keep in theirs is none of its business.</summary>
    private static ConfigMapRecord Rest(Pen pen, ConfigMapRecord? value, ImmutableSortedDictionary<string, string> data) => new(
        pen.Key("key", value?.Key ?? default),
        pen.NeededText("uid", value?.Uid),
        pen.NeededText("version", value?.ResourceVersion),
        pen.Flag("immutable", value?.Immutable == true),
        Own(pen, "labels", value?.Labels, static key => key is DesiredConfigMap.ManagedByLabel or DesiredConfigMap.FormerManagedByLabel),
        Own(pen, "annotations", value?.Annotations, static key => OwnAnnotation.IsOne(key) && key != DesiredConfigMap.MadeWithAnnotation),
        pen.List<OwnerReference>("owners", value?.Owners, InputShapes.Reference),
        data,
        pen.Pairs("binary", value?.BinaryData.Select(b => KeyValuePair.Create(b.Key, (string?)$"{b.Value}")))
            .ToImmutableSortedDictionary(b => b.Key, b => int.TryParse(b.Value, out int size) && size is >= 0 and < 1 << 24 ? size : throw Pen.Wrong("binary"), StringComparer.Ordinal),
        pen.List<FieldManager>("managers", value?.Managers, InputShapes.Manager));

    private static ImmutableSortedDictionary<string, string> Own(
        Pen pen, string name, ImmutableSortedDictionary<string, string>? value, Func<string, bool> isOwn) =>
        pen.Pairs(name, value?.Where(p => isOwn(p.Key)).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)))
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value ?? throw Pen.Wrong(name), StringComparer.Ordinal);
}
