using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using DynamicToolset.Cluster;
using DynamicToolset.HealthCheck;

namespace DynamicToolset.Journal;

/// <summary>The form of something in a journal, said once for both directions.</summary>
/// <param name="value">What is written; null where it is read.</param>
/// <returns>What was read; what was written where that is done.</returns>
internal delegate T Shape<T>(Pen pen, T? value);

/// <summary>
/// Writes the fields of one JSON object, or reads them: each method takes the value that is written, and returns the one that was read. What is absent is
/// null, false, zero or empty.
/// </summary>
internal sealed class Pen
{
    private readonly Utf8JsonWriter? _to;
    private readonly JsonElement _from;

    public Pen(Utf8JsonWriter to) => _to = to;

    /// <exception cref="FormatException">It is no object.</exception>
    public Pen(JsonElement from) => _from = from.ValueKind == JsonValueKind.Object ? from : throw new FormatException("an object is expected");

    /// <summary>Null where this reads.</summary>
    public Utf8JsonWriter? Writer => _to;

    public static FormatException Wrong(string name) => new($"\"{name}\" is missing, or not as it should be");

    /// <summary>All fields of what is read.</summary>
    public IEnumerable<JsonProperty> All() => _from.EnumerateObject();

    /// <summary>Null where it is not there.</summary>
    public JsonElement? Find(string name) => _from.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? found : null;

    public string? Text(string name, string? value)
    {
        if (_to is null)
            return Find(name) is { } found ? TextIn(found, name) : null;
        if (value is not null)
            _to.WriteString(name, value);
        return value;
    }

    public string NeededText(string name, string? value) => Text(name, value) ?? throw Wrong(name);

    public bool Flag(string name, bool value)
    {
        if (_to is null)
            return Find(name) is { ValueKind: JsonValueKind.True };
        if (value)
            _to.WriteBoolean(name, true);
        return value;
    }

    public bool? FlagOrNull(string name, bool? value)
    {
        if (_to is null)
            return Find(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } found ? found.GetBoolean() : null;
        if (value is { } flag)
            _to.WriteBoolean(name, flag);
        return value;
    }

    public long Number(string name, long value) => NumberOrNull(name, value) ?? 0;

    public long? NumberOrNull(string name, long? value)
    {
        if (_to is null)
            return Find(name) is { } found ? NumberIn(found, name) : null;
        if (value is { } written)
            _to.WriteNumber(name, written);
        return value;
    }

    /// <summary>A number that an <see langword="int"/> has room for.</summary>
    public int Count(string name, int value) =>
        Number(name, value) is >= int.MinValue and <= int.MaxValue and long number ? (int)number : throw Wrong(name);

    /// <summary>In microseconds of a million years at most, so that no sum of two is too large.</summary>
    public TimeSpan? Elapsed(string name, TimeSpan? value) =>
        NumberOrNull(name, value?.Ticks) is { } ticks ? ticks is >= 0 and < long.MaxValue / 4 ? TimeSpan.FromTicks(ticks) : throw Wrong(name) : null;

    public DateTimeOffset? Moment(string name, DateTimeOffset? value)
    {
        if (_to is null)
            return Find(name) is { } found ? MomentIn(found, name) : null;
        if (value is { } moment)
            _to.WriteString(name, moment);
        return value;
    }

    public T Word<T>(string name, T value)
        where T : struct, Enum => WordOrNull<T>(name, value) ?? throw Wrong(name);

    public T? WordOrNull<T>(string name, T? value)
        where T : struct, Enum =>
        Text(name, value?.ToString()) is { } word ? Enum.TryParse(word, out T read) && Enum.IsDefined(read) ? read : throw Wrong(name) : null;

    /// <summary>Null where it is not there.</summary>
    public T? Part<T>(string name, T? value, Shape<T> shape)
        where T : class
    {
        if (_to is null)
            return Find(name) is { } found ? shape(new Pen(found), null) : null;
        if (value is not null)
        {
            _to.WriteStartObject(name);
            shape(this, value);
            _to.WriteEndObject();
        }

        return value;
    }

    public ImmutableArray<T> List<T>(string name, IReadOnlyCollection<T>? values, Shape<T> shape)
        where T : class
    {
        if (_to is null)
            return Find(name) is { } found ? [.. Items(found, name).Select(item => shape(new Pen(item), null))] : [];
        if (values is not { Count: > 0 })
            return [];
        _to.WriteStartArray(name);
        foreach (T value in values)
        {
            _to.WriteStartObject();
            shape(this, value);
            _to.WriteEndObject();
        }

        _to.WriteEndArray();
        return [];
    }

    /// <summary>Empty where it is not there.</summary>
    public ImmutableArray<string> Texts(string name, IReadOnlyCollection<string>? values)
    {
        if (_to is null)
            return Find(name) is { } found ? [.. Items(found, name).Select(item => TextIn(item, name))] : [];
        if (values is not { Count: > 0 })
            return [];
        _to.WriteStartArray(name);
        foreach (string value in values)
            _to.WriteStringValue(value);
        _to.WriteEndArray();
        return [];
    }

    /// <summary>In the order of the names; a null says that one is gone.</summary>
    public ImmutableSortedDictionary<string, string?> Pairs(string name, IEnumerable<KeyValuePair<string, string?>>? values)
    {
        var none = ImmutableSortedDictionary.Create<string, string?>(StringComparer.Ordinal);
        if (_to is null)
            return Find(name) is { } found ? none.SetItems(Fields(found, name).Select(f => PairIn(f, name))) : none;
        if (values?.ToList() is not { Count: > 0 } pairs)
            return none;
        _to.WriteStartObject(name);
        foreach ((string key, string? value) in pairs)
            _to.WriteString(key, value);
        _to.WriteEndObject();
        return none;
    }

    public ObjectKey Key(string name, ObjectKey value) =>
        NeededText(name, _to is null ? null : value.ToString()).Split('/') is [var ns, var key] && DnsName.IsLabel(ns) && DnsName.IsDomain(key)
            ? new ObjectKey(ns, key)
            : throw Wrong(name);

    public ObjectKey Service(string name, ObjectKey value) => ServiceIn(NeededText(name, _to is null ? null : value.ToString())) ?? throw Wrong(name);

    public EndpointKey Endpoint(string name, EndpointKey value) => EndpointIn(NeededText(name, _to is null ? null : value.ToString())) ?? throw Wrong(name);

    public EndpointForm? Form(string name, EndpointForm? value) => Text(name, value is { } form ? $"{form.Scheme}:{form.Path}" : null) is { } text
        ? text.Split(':', 2) is [var scheme, var path] && scheme is (EndpointUrl.Tcp or "http" or "https") ? new EndpointForm(scheme, path) : throw Wrong(name)
        : null;

    /// <summary>Null where it is none.</summary>
    public static ObjectKey? ServiceIn(string text) =>
        text.Split('/') is [var ns, var name] && DnsName.IsLabel(ns) && DnsName.IsLabel(name) ? new ObjectKey(ns, name) : null;

    /// <summary>Null where it is none.</summary>
    public static EndpointKey? EndpointIn(string text) =>
        text.Split(':') is [var service, var port] && ServiceIn(service) is { } key
        && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 65536
            ? new EndpointKey(key, number)
            : null;

    private static long NumberIn(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long number) ? number : throw Wrong(name);

    private static DateTimeOffset MomentIn(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.String && element.TryGetDateTimeOffset(out DateTimeOffset moment) ? moment : throw Wrong(name);

    private static KeyValuePair<string, string?> PairIn(JsonProperty field, string name) =>
        KeyValuePair.Create(field.Name, field.Value.ValueKind == JsonValueKind.Null ? null : TextIn(field.Value, name));

    public static string TextIn(JsonElement element, string name) => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Wrong(name);

    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : throw Wrong(name);

    public static IEnumerable<JsonProperty> Fields(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : throw Wrong(name);
}
