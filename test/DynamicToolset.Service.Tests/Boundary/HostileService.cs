using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace DynamicToolset.Service.Tests.Boundary;

/// <summary>A Service as somebody would write it who wants to lead the service astray.</summary>
/// <param name="Becomes">
/// <c>nothing</c>, <c>rejected</c>, <c>impossible</c> (no API server takes it), or the toolset's name and URL where it is harmless.
/// </param>
internal sealed record HostileService(string Title, JsonObject Manifest, string Becomes)
{
    private const string Prefix = "kubernaut.io/";

    private static readonly string Long = new('x', 200_000);

    public static ImmutableArray<HostileService> All { get; } =
    [
        // A host of one's choice, by ExternalName in all spellings.
        External("ExternalName of loopback", "127.0.0.1"),
        External("ExternalName of loopback in hexadecimal", "0x7f000001"),
        External("ExternalName of loopback as one number", "2130706433"),
        External("ExternalName of IPv6 loopback", "[::1]"),
        External("ExternalName of the metadata service", "169.254.169.254"),
        External("ExternalName of the metadata service by name", "metadata.google.internal"),
        External("ExternalName of the API server", "kubernetes.default.svc"),
        External("ExternalName with a dot at its end", "localhost."),
        External("ExternalName in capitals", "LOCALHOST"),
        External("ExternalName with user and port", "user@evil.example:80/x"),
        Annotated("ExternalName with annotations", "rejected", ("spec/type", "ExternalName"), ("spec/externalName", "evil.example")),
        Annotated("externalName on another kind", "custom s http://s.m:80", ("spec/externalName", "evil.example")),
        Annotated("external addresses", "custom s http://s.m:80", ("spec/externalIPs", "127.0.0.1")),
        Annotated("a load balancer's address", "custom s http://s.m:80", ("spec/loadBalancerIP", "169.254.169.254")),

        // Names that read as addresses.
        Named("127.1", "127", "1", "rejected"),
        Named("0x7f.1", "0x7f", "1", "rejected"),
        Named("0177.1", "0177", "1", "rejected"),
        Named("169.16689662", "169", "16689662", "rejected"),
        Named("a number alone", "2130706433", "m", "custom 2130706433 http://2130706433.m:80"),
        Named("localhost", "localhost", "m", "custom localhost http://localhost.m:80"),
        Named("the API server's own name", "kubernetes", "default", "custom custom-default-kubernetes http://kubernetes.default:80"),
        Named("a name with an at sign", "a@evil.example", "m", "impossible"),
        Named("a name with a slash", "evil.example/x", "m", "impossible"),
        Named("a name with a line break", "s\nhost", "m", "impossible"),
        Named("a name that turns the text around", "s\u202e", "m", "impossible"),
        Named("a name in Cyrillic letters", "grаfana", "m", "impossible"),
        Named("a namespace with a dot", "s", "evil.example", "impossible"),
        Named("a word of YAML", "null", "m", "custom null http://null.m:80"),

        // The path of the health check.
        Path("another host", "//evil.example/"),
        Path("a whole URL", "http://169.254.169.254/latest/meta-data/"),
        Path("a user", "/@evil.example/"),
        Path("a backslash", "/\\evil.example"),
        Path("a way up", "/../../etc/passwd"),
        Path("a way up in escapes", "/%2e%2e/"),
        Path("a query", "/?next=http://evil.example"),
        Path("a fragment", "/#x"),
        Path("a header", "/ HTTP/1.1\r\nHost: evil.example\r\nX: "),
        Path("a second request", "/\r\n\r\nGET /latest/meta-data HTTP/1.1"),
        Path("a Unicode slash", "/\u2215evil"),
        Path("a text turned around", "/\u202eevil"),
        Path("a template", "/{{ env.TOKEN }}"),
        Path("a variable", "/${TOKEN}"),
        Path("a command", "/`id`"),
        Path("a NUL", "/\0"),
        Path("two hundred kilobytes", "/" + Long),

        // The name of the toolset, which becomes a key and stands in YAML.
        Toolset("a second field", "x\nenabled: false"),
        Toolset("a map", "a: b"),
        Toolset("a list", "- a"),
        Toolset("a template", "{{x}}"),
        Toolset("a statement", "{%x%}"),
        Toolset("a variable", "${x}"),
        Toolset("a command", "`x`"),
        Toolset("a quote", "\""),
        Toolset("a single quote", "'"),
        Toolset("a tag", "!!python/object/apply:os.system"),
        Toolset("an anchor", "&a"),
        Toolset("an alias", "*a"),
        Toolset("a comment", "x #"),
        Toolset("a terminal's escape", "\u001b[2J"),
        Toolset("a line separator", "a\u2028b"),
        Toolset("a way up", "../x"),
        Toolset("capitals", "Grafana"),
        Toolset("letters that look alike", "grаfana"),
        Toolset("too many characters", new string('a', 64)),
        Toolset("nothing", ""),
        Toolset("a built-in one", "kubernetes"),
        Toolset("the overrides", "overrides"),
        Toolset("a type's", "prometheus"),
        Toolset("two hundred kilobytes", Long),

        // The others.
        Annotated("a type with a line break", "rejected", ("toolset-type", "custom\n")),
        Annotated("a type that is a template", "rejected", ("toolset-type", "{{x}}")),
        Annotated("a port with a host", "rejected", ("toolset-port", "80@evil.example")),
        Annotated("the API server's port", "rejected", ("toolset-port", "6443")),
        Annotated("a port beyond all", "rejected", ("toolset-port", "99999999999999999999")),
        Annotated("a port below all", "rejected", ("toolset-port", "-1")),
        Annotated("a scheme that runs", "rejected", ("toolset-scheme", "javascript")),
        Annotated("a scheme that reads files", "rejected", ("toolset-scheme", "file")),
        Annotated("a scheme with a host", "rejected", ("toolset-scheme", "http://evil.example")),
        Annotated("a wish with a line break", "rejected", ("toolset", "true\n")),
        Annotated("a wish in capitals", "rejected", ("toolset", "TRUE")),
        Annotated("an annotation nobody knows", "custom s http://s.m:80", ("toolset-url", "http://evil.example")),

        // What stands beside it, in the Service's own fields.
        Labelled("a label that breaks the line", "x: y", "\"\n- &a !!python/object\u001b[31m"),
        Labelled("a label of two hundred kilobytes", "big", Long) with { Becomes = "rejected" },
        Labelled("a label that is a template", "{{x}}", "${y}`z`"),
        Ported("a port that is a placeholder", "{endpoint.url}"),
        Ported("a port that is a template", "{{x}}\r\n\u202e\u001b[0m"),
    ];

    private static HostileService External(string title, string externalName)
    {
        JsonObject manifest = Service("s", "m", "service", 3000);
        manifest["metadata"]!["labels"] = new JsonObject { ["app"] = "grafana" };
        manifest["spec"]!["type"] = "ExternalName";
        manifest["spec"]!["externalName"] = externalName;
        return new HostileService(title, manifest, "nothing");
    }

    private static HostileService Named(string title, string name, string ns, string becomes) =>
        new($"name: {title}", Asking(Service(name, ns, "http", 80)), becomes);

    private static HostileService Path(string title, string path) => Annotated($"path: {title}", "rejected", ("health-endpoint", path));

    private static HostileService Toolset(string title, string name) => Annotated($"toolset: {title}", "rejected", ("toolset-name", name));

    private static HostileService Labelled(string title, string key, string value)
    {
        JsonObject manifest = Asking(Service("s", "m", "http", 80));
        manifest["metadata"]!["labels"] = new JsonObject { [key] = value };
        return new HostileService(title, manifest, "custom s http://s.m:80");
    }

    private static HostileService Ported(string title, string name) =>
        new(title, Asking(Service("s", "m", name, 80)), "custom s http://s.m:80");

    /// <param name="fields">Annotations without their prefix, or fields of the spec behind <c>spec/</c>.</param>
    private static HostileService Annotated(string title, string becomes, params (string Field, string Value)[] fields)
    {
        JsonObject manifest = Asking(Service("s", "m", "http", 80));
        foreach ((string field, string value) in fields)
        {
            if (field == "spec/externalIPs")
                manifest["spec"]!["externalIPs"] = new JsonArray(value);
            else if (field.StartsWith("spec/", StringComparison.Ordinal))
                manifest["spec"]![field[5..]] = value;
            else
                manifest["metadata"]!["annotations"]![Prefix + field] = value;
        }

        return new HostileService(title, manifest, becomes);
    }

    private static JsonObject Asking(JsonObject manifest)
    {
        manifest["metadata"]!["annotations"] = new JsonObject { [Prefix + "toolset"] = "true", [Prefix + "toolset-type"] = "custom" };
        return manifest;
    }

    /// <summary>Without a selector: where it leads to is in the hands of whoever writes its EndpointSlices.</summary>
    private static JsonObject Service(string name, string ns, string portName, int port) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
        ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["name"] = portName, ["port"] = port }) },
    };
}
