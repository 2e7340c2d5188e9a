using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using DynamicToolset.Manifests;
using DynamicToolset.Reconciliation;

namespace DynamicToolset.Service.Cli;

/// <summary>The changes for machines, with every byte of both sides.</summary>
internal static class DiffJson
{
    public static string Of(ImmutableArray<ConfigMapChange> changes) => PrintedJson.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("same", changes.IsEmpty);
        writer.WriteStartArray("changes");
        foreach (ConfigMapChange change in changes)
            Write(writer, change);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, ConfigMapChange change)
    {
        writer.WriteStartObject();
        writer.WriteString("key", change.Key);
        writer.WriteString("kind", change.Part switch
        {
            ChangedPart.Data => "data",
            ChangedPart.BinaryData => "binaryData",
            ChangedPart.Label => "label",
            ChangedPart.Annotation => "annotation",
            ChangedPart.Owner => "owner",
            _ => throw new UnreachableException(),
        });
        writer.WriteString("before", change.Before);
        writer.WriteString("after", change.After);
        writer.WriteEndObject();
    }
}
