using DynamicToolset.Sandbox.Resources;

namespace DynamicToolset.Sandbox.Http;

/// <summary>The Accept header.</summary>
internal static class Accept
{
    /// <summary>The first form in the header that is known here. Weights are not looked at, as Kubernetes clients put the best first.</summary>
    /// <exception cref="KubeStatusException">None is.</exception>
    public static AcceptedFormat Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
            return AcceptedFormat.Json;

        foreach (string range in header.Split(','))
        {
            if (ParseRange(range) is { } format)
                return format;
        }

        throw new KubeStatusException(
            406, "NotAcceptable", "only the following media types are accepted: application/json, application/json;as=Table;g=meta.k8s.io;v=v1");
    }

    private static AcceptedFormat? ParseRange(string range)
    {
        string[] parts = [.. range.Split(';').Select(part => part.Trim())];
        if (parts[0] is not ("application/json" or "application/*" or "*/*"))
            return null;

        string? form = parts.FirstOrDefault(part => part.StartsWith("as=", StringComparison.Ordinal))?[3..];
        if (form is null)
            return AcceptedFormat.Json;

        bool isV1 = parts.Contains("v=v1") && parts.Contains("g=meta.k8s.io");
        return form switch
        {
            "Table" when isV1 => AcceptedFormat.Table,
            "PartialObjectMetadata" or "PartialObjectMetadataList" when isV1 => AcceptedFormat.PartialObjectMetadata,
            _ => null,
        };
    }
}

/// <summary>The forms in which objects are answered.</summary>
internal enum AcceptedFormat
{
    Json,

    /// <summary>Rows and columns, as <c>kubectl get</c> prints them.</summary>
    Table,

    /// <summary>The metadata alone.</summary>
    PartialObjectMetadata,
}
