using System.Buffers;
using System.Text.Json;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>Reads of one kind of object the fields that are kept, and steps over the rest without making anything of it.</summary>
internal abstract class Projection<T>
    where T : class
{
    /// <summary>The <c>kind</c> of its lists, for example <c>ServiceList</c>.</summary>
    public abstract string ListKind { get; }

    public abstract string VersionOf(T item);

    /// <exception cref="JsonException">Not such an object.</exception>
    public T Read(in ReadOnlySequence<byte> json)
    {
        Utf8JsonReader reader = json.IsSingleSegment ? new Utf8JsonReader(json.FirstSpan) : new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("an object was expected");
        return Read(ref reader);
    }

    /// <summary>The reader stands on the object's opening brace.</summary>
    protected abstract T Read(ref Utf8JsonReader reader);
}
