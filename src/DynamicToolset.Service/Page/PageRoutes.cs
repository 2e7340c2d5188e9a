using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DynamicToolset.Service.Page;

/// <summary>
/// The page for people, at the root of PORT: three files, open to everybody. They hold nothing of the cluster; what the page shows its script asks
/// the REST API for.
/// </summary>
internal static class PageRoutes
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void MapPage(this IEndpointRouteBuilder routes)
    {
        Map("/", "index.html", "text/html; charset=utf-8");
        Map("/page.css", "page.css", "text/css; charset=utf-8");
        Map("/page.js", "page.js", "text/javascript; charset=utf-8");

        void Map(string path, string name, string contentType)
        {
            var file = PageFile.Of(Read(name), contentType);
            routes.MapMethods(path, Reading, () => file).ExcludeFromDescription();
        }
    }

    private static byte[] Read(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"page/{name}")
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
