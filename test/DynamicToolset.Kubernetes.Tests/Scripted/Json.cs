namespace DynamicToolset.Kubernetes.Tests.Scripted;

/// <summary>Answers as a kube-apiserver writes them.</summary>
internal static class Json
{
    public static string Service(string name, string version = "5", string ns = "default") => $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}","uid":"uid-{{{name}}}","resourceVersion":"{{{version}}}"},"spec":{"ports":[{"port":80}]}}
        """;

    public static string ServiceList(string version, string next, params string[] items) => $$$"""
        {"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}
        """;

    public static string ConfigMap(string name, string version = "5") => $$$"""
        {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"default","uid":"u","resourceVersion":"{{{version}}}"},"data":{"a":"b"}}
        """;

    public static string Status(int code, string reason, string message = "said so", string details = "{}") => $$$"""
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{{message}}}","reason":"{{{reason}}}","details":{{{details}}},"code":{{{code}}} }
        """;

    public static string Event(string type, string item) => $$$"""{"type":"{{{type}}}","object":{{{item.Trim()}}} }""" + "\n";

    public static string Bookmark(string version) =>
        Event("BOOKMARK", $$$"""{"kind":"Service","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","creationTimestamp":null},"spec":{},"status":{"loadBalancer":{} } }""");
}
