using System.Globalization;
using System.Text.Json.Nodes;
using DynamicToolset.Sandbox.Json;

namespace DynamicToolset.Sandbox.Resources;

/// <summary>The ports of a Service.</summary>
internal static class ServicePortRules
{
    private const string PortRange = "must be between 1 and 65535, inclusive";

    public static void Check(IReadOnlyList<JsonObject> ports, List<FieldError> errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<(long?, string?)>();
        for (int index = 0; index < ports.Count; index++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"spec.ports[{index}]");
            CheckPort(ports[index], path, ports.Count > 1, errors);
            if (ports[index].Text("name") is { } name && !names.Add(name))
                errors.Add(FieldError.Duplicate($"{path}.name", $"\"{name}\""));

            if (!numbers.Add((ports[index].Number("port"), ports[index].Text("protocol"))))
                errors.Add(FieldError.Duplicate(path, $"{ports[index].Number("port")}/{ports[index].Text("protocol")}"));
        }
    }

    private static void CheckPort(JsonObject port, string path, bool needsName, List<FieldError> errors)
    {
        string name = port.Text("name") ?? "";
        if (name.Length == 0 && needsName)
            errors.Add(FieldError.Required($"{path}.name"));
        else if (name.Length > 0 && KubeNames.CheckDns1123Label(name) is { } problem)
            errors.Add(FieldError.Invalid($"{path}.name", name, problem));

        CheckNumber(port.Number("port") ?? 0, $"{path}.port", errors);
        if (port.Text("protocol") is not ("TCP" or "UDP" or "SCTP"))
            errors.Add(FieldError.Unsupported($"{path}.protocol", port.Text("protocol") ?? "", "SCTP", "TCP", "UDP"));

        if (port["targetPort"].AsText() is { } target)
            CheckPortName(target, $"{path}.targetPort", errors);
        else
            CheckNumber(port.Number("targetPort") ?? 0, $"{path}.targetPort", errors);
    }

    private static void CheckNumber(long number, string path, List<FieldError> errors)
    {
        if (number is < 1 or > 65535)
            errors.Add(FieldError.InvalidNumber(path, number, PortRange));
    }

    /// <summary>An IANA service name, RFC 6335 section 5.1.</summary>
    private static void CheckPortName(string name, string path, List<FieldError> errors)
    {
        if (name.Length > 15)
            errors.Add(FieldError.Invalid(path, name, "must be no more than 15 characters"));

        if (name.Any(letter => letter is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')))
            errors.Add(FieldError.Invalid(path, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"));

        if (!name.Any(letter => letter is >= 'a' and <= 'z'))
            errors.Add(FieldError.Invalid(path, name, "must contain at least one letter (a-z)"));

        if (name.StartsWith('-') || name.EndsWith('-'))
            errors.Add(FieldError.Invalid(path, name, "must not begin or end with a hyphen"));

        if (name.Contains("--", StringComparison.Ordinal))
            errors.Add(FieldError.Invalid(path, name, "must not contain consecutive hyphens"));
    }
}
