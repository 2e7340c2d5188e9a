using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using DynamicToolset.Messages;

namespace DynamicToolset.Kubernetes.Serialization;

/// <summary>Reads of one kind of object the fields that are kept, and steps over the rest without making anything of it.</summary>
internal abstract class Projection<T>
    where T : class
{
    /// <summary>The <c>kind</c> of its lists, for example <c>ServiceList</c>.</summary>
    public abstract string ListKind { get; }

    public abstract string VersionOf(T item);

    /// <summary>What is held of one object until it is read.</summary>
    public abstract Bound Longest { get; }

    /// <summary>What stands for an object that is longer.</summary>
    /// <param name="beginning">Whole tokens, for example <c>{"metadata":{"name":"a","names</c> without the last.</param>
    /// <exception cref="AnswerTooLargeException">Nothing can.</exception>
    public virtual T Refuse(in ReadOnlySequence<byte> beginning) => throw new AnswerTooLargeException(Longest);

    /// <summary>Where the items of one list go, and what is kept of them.</summary>
    public virtual (Action<T> Keep, Func<ImmutableArray<T>> Kept) Gather()
    {
        ImmutableArray<T>.Builder items = ImmutableArray.CreateBuilder<T>();
        return (items.Add, items.DrainToImmutable);
    }

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
