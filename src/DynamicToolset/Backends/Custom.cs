namespace DynamicToolset.Backends;

/// <summary>Something that answers HTTP, of which no more is known.</summary>
internal static class Custom
{
    private const string Description = "A service of this cluster that answers HTTP";
    private const string Announced = Description + " and was announced for investigations.";

    private static readonly HolmesForm.Commands Get = new(
        Description,
        Announced + " {get} sends it a GET of the path that you name.",
        new HolmesForm.Tool(
            "get",
            "Sends a GET to a service of this cluster and shows what it answers.",
            new("") { Tail = "\"${path-}\"" },
            new HolmesForm.Parameter(
                "path",
                "A path below the URL of the service, and a query where one is needed, such as api/v1/items?limit=10. Write a space as %20.",
                HolmesForm.ParameterKind.Path)));

    private static readonly HolmesForm Http = new HolmesForm.Http(
        Description, Announced + " {request} sends it a GET of a URL that begins with {url}/.", Get);

    public static BackendKind Kind { get; } = new("custom", [Get], [Http], _ => new(200, SampleResponse.Plain, "ok\n"));
}
