using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Journal;

/// <summary>
/// A ConfigMap as its differences to the one before. A value that is what this program wanted there is not written: the reader has made it too.
/// </summary>
internal static class ConfigMapShape
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <param name="before">Null if there is none, so that all is written.</param>
    /// <param name="wanted">What was decided last.</param>
    /// <param name="hidden">The names of the values of which the reader knows only what is shown.</param>
    public static void Write(
        Pen pen, ConfigMapRecord value, ConfigMapRecord? before, ImmutableArray<KeyValuePair<string, string>> wanted, Shown shown, HashSet<string> hidden)
    {
        Rest(pen, value with { Labels = LabelsOf(value, shown.Metadata), Annotations = AnnotationsOf(value, shown.Metadata) }, NoPairs);
        if (value.Annotations.ContainsKey(DesiredConfigMap.OverrideErrorAnnotation))
            hidden.Add(DesiredConfigMap.OverrideErrorAnnotation);
        var wantedOf = wanted.ToDictionary(StringComparer.Ordinal);
        pen.Writer!.WriteStartObject("data");
        foreach ((string key, string text) in value.Data.Where(d => before?.Data.GetValueOrDefault(d.Key) != d.Value))
        {
            bool isOurs = wantedOf.GetValueOrDefault(key) == text;
            if (isOurs)
                pen.Writer.WriteBoolean(key, true);
            else
                pen.Writer.WriteString(key, shown.Texts.Of(key, text));
            if (isOurs)
                hidden.Remove(key);
            else
                hidden.Add(key);
        }

        foreach (string gone in before?.Data.Keys.Where(k => !value.Data.ContainsKey(k)) ?? [])
            pen.Writer.WriteNull(gone);
        pen.Writer.WriteEndObject();
    }

    public static ConfigMapRecord Read(Pen pen, ConfigMapRecord? before, ImmutableArray<KeyValuePair<string, string>> wanted)
    {
        ImmutableSortedDictionary<string, string>.Builder data = (before?.Data ?? NoPairs).ToBuilder();
        var wantedOf = wanted.ToDictionary(StringComparer.Ordinal);
        foreach (JsonProperty field in Pen.Fields(pen.Find("data") ?? throw Pen.Wrong("data"), "data"))
        {
            string? text = field.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.True => wantedOf.GetValueOrDefault(field.Name),
                _ => Pen.TextIn(field.Value, field.Name),
            };
            if (text is null)
                data.Remove(field.Name);
            else
                data[field.Name] = text;
        }

        return Rest(pen, null, data.ToImmutable());
    }

    private static ConfigMapRecord Rest(Pen pen, ConfigMapRecord? value, ImmutableSortedDictionary<string, string> data) => new(
        pen.Key("key", value?.Key ?? default),
        pen.NeededText("uid", value?.Uid),
        pen.NeededText("version", value?.ResourceVersion),
        pen.Flag("immutable", value?.Immutable == true),
        Own(pen, "labels", value?.Labels),
        Own(pen, "annotations", value?.Annotations),
        pen.List<OwnerReference>("owners", value?.Owners, InputShapes.Reference),
        data,
        pen.Pairs("binary", value?.BinaryData.Select(b => KeyValuePair.Create(b.Key, (string?)$"{b.Value}")))
            .ToImmutableSortedDictionary(b => b.Key, b => SizeIn(b.Value), StringComparer.Ordinal),
        pen.List<FieldManager>("managers", value?.Managers, InputShapes.Manager));

    private static int SizeIn(string? digits) => int.TryParse(digits, out int size) && size is >= 0 and < 1 << 24 ? size : throw Pen.Wrong("binary");

    private static ImmutableSortedDictionary<string, string> Own(Pen pen, string name, ImmutableSortedDictionary<string, string>? value) =>
        pen.Pairs(name, value?.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)))
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value ?? throw Pen.Wrong(name), StringComparer.Ordinal);

    /// <summary>Only those that decide: what others keep there is none of this program's business.</summary>
    private static ImmutableSortedDictionary<string, string> LabelsOf(ConfigMapRecord value, ShownMetadata shown) => value.Labels
        .Where(l => l.Key is DesiredConfigMap.ManagedByLabel or DesiredConfigMap.FormerManagedByLabel)
        .ToImmutableSortedDictionary(l => l.Key, l => shown.Label(l.Value), StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, string> AnnotationsOf(ConfigMapRecord value, ShownMetadata shown) => value.Annotations
        .Select(a => KeyValuePair.Create(a.Key, shown.OfConfigMap(a.Key, a.Value)))
        .Where(a => a.Value is not null)
        .ToImmutableSortedDictionary(a => a.Key, a => a.Value!, StringComparer.Ordinal);
}
