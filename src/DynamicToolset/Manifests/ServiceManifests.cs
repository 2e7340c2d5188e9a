using System.Collections.Immutable;
using DynamicToolset.Cluster;
using DynamicToolset.Messages;
using DynamicToolset.Yaml;

namespace DynamicToolset.Manifests;

/// <summary>The Services of a text, and what is wrong in it. A fault costs the document that it is in, or the item of a list; the others are there.</summary>
/// <param name="Places">The places of the Services in the files, in the same order.</param>
/// <param name="Impossible">Services that were skipped, since every API server rejects their name.</param>
public sealed record ServiceManifests(
    ImmutableArray<ServiceRecord> Services,
    ImmutableArray<YamlPosition> Places,
    ImmutableArray<YamlProblem> Problems,
    ImmutableArray<YamlProblem> Impossible)
{
    /// <summary>Of a text only one object is held at a time; the largest definitions of resources have fifty thousand.</summary>
    public static Bound Nodes { get; } = YamlReader.Bounded("an object in a manifest", 400_000);

    /// <summary>Where all of it is held. Ten thousand Services with all that the API server keeps of who wrote them have three million.</summary>
    public static Bound HeldNodes { get; } = YamlReader.Bounded("a document for the sandbox", 4_000_000);

    /// <summary>The first one that was looked for; null where it is not there.</summary>
    public ConfigMapRecord? ConfigMap { get; private init; }

    /// <summary>Something in it is, or was to be, an object of Kubernetes.</summary>
    public bool HasObjects { get; private init; }

    /// <summary>There is nothing in it but blanks.</summary>
    public bool IsBlank { get; private init; }

    /// <summary>There is an error at two braces: it is a template that is not rendered.</summary>
    public bool IsTemplate { get; private init; }

    /// <summary>One object that is a Service.</summary>
    public static ServiceManifests Read(YamlNode.Mapping service)
    {
        var reader = new ServiceManifestReader("default");
        ServiceRecord? read = reader.Read(service);
        return new ServiceManifests(read is null ? [] : [read], read is null ? [] : [service.Position], [.. reader.Problems], [.. reader.Impossible])
        {
            HasObjects = true,
        };
    }

    /// <inheritdoc cref="Read(TextReader, string, ObjectKey?)"/>
    public static ServiceManifests Read(string text) => Read(new StringReader(text), "default");

    /// <summary>
    /// Reads Services out of JSON or YAML: single objects, several documents, <c>List</c> and <c>ServiceList</c>, as <c>kubectl get -o yaml</c>
    /// and <c>helm template</c> print them. Objects of other kinds are passed over.
    /// </summary>
    /// <param name="defaultNamespace">Of Services that name none.</param>
    /// <param name="configMap">Is looked for besides; null for none.</param>
    public static ServiceManifests Read(TextReader text, string defaultNamespace, ObjectKey? configMap = null)
    {
        var reader = new ManifestObjects(defaultNamespace, configMap);
        using var documents = new YamlDocuments(text, new NodeCounter(Nodes));
        bool isTemplate = false;
        while (documents.MoveNext())
        {
            bool isFaulty = false;
            documents.Read(reader.ReadDocument, reader.ReadItem, problem =>
            {
                reader.ReadFault(problem);
                isFaulty = true;
            });
            if (documents.IsProgress)
                reader.DropAll();
            isTemplate |= isFaulty && documents.HasBraces;
        }

        return new ServiceManifests(
            [.. reader.Services.Select(s => s.Service)], [.. reader.Services.Select(s => s.Place)], [.. reader.Problems], [.. reader.Impossible])
        {
            ConfigMap = reader.ConfigMaps.FirstOrDefault(),
            HasObjects = reader.Objects > 0 || documents.HasKind,
            IsBlank = !documents.HasText,
            IsTemplate = isTemplate,
        };
    }
}
