using DynamicToolset.Cluster;
using DynamicToolset.Discovery;
using DynamicToolset.Toolsets;
using DynamicToolset.Yaml;

namespace DynamicToolset.Reconciliation;

/// <summary>
/// Reads back which endpoints a ConfigMap holds. A program that has just started takes them for healthy until it knows better, and
/// leaves them their names.
/// </summary>
public static class PresentToolsets
{
    /// <param name="present">Null where there is no ConfigMap.</param>
    public static Incumbents Read(ConfigMapRecord? present)
    {
        if (present is null)
            return Incumbents.None;
        var urls = new Dictionary<string, string>(StringComparer.Ordinal);
        var services = new Dictionary<string, ObjectKey>(StringComparer.Ordinal);
        foreach ((string key, string text) in present.Data.Where(d => ToolsetKey.IsToolset(d.Key)))
        {
            string name = ToolsetKey.NameIn(key);
            string? url = ReadUrl(text);
            if (url is not null)
                urls[name] = url;
            // Where an override replaced the URL, the comment still names the Service.
            if (ToolsetComment.ReadService(text) is { } service && !IsUrlOf(service, url))
                services[name] = service;
        }

        return new Incumbents(urls, services);
    }

    private static bool IsUrlOf(ObjectKey service, string? url)
    {
        string host = $"://{service.Name}.{service.Namespace}";
        return url is not null
            && (url.Contains(host + ":", StringComparison.Ordinal) || url.Contains(host + ".svc.", StringComparison.Ordinal));
    }

    private static string? ReadUrl(string text)
    {
        YamlNode? root = YamlReader.Read(text).Documents.FirstOrDefault();
        var config = (root as YamlNode.Mapping)?["config"] as YamlNode.Mapping;
        return (config?["url"] as YamlNode.Scalar)?.Text;
    }
}
