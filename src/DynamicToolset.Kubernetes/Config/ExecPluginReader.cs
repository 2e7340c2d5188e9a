using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DynamicToolset.Yaml;

namespace DynamicToolset.Kubernetes.Config;

/// <summary>Reads <c>users[].user.exec</c>, https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#ExecConfig.</summary>
internal static class ExecPluginReader
{
    private const string ConfigExtension = "client.authentication.k8s.io/exec";

    public static ExecPlugin Read(ConfigNode exec, ConfigNode cluster)
    {
        string version = exec["apiVersion"].Text ?? "";
        if (version is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            throw exec.Wrong("apiVersion must be client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1", "update the plugin");
        if (exec["interactiveMode"].Text == "Always")
            throw exec["interactiveMode"].Wrong("the plugin needs a terminal, but there is none", "use IfAvailable or Never");
        string command = exec["command"].Text ?? throw exec.Wrong("command is missing");
        return new ExecPlugin(
            Locate(command, exec.File),
            [.. exec["args"].Items.Select(item => item.Text ?? "")],
            [.. exec["env"].Items.Select(ReadVariable)],
            version,
            exec["installHint"].Text ?? "",
            exec["provideClusterInfo"].Flag ? DescribeCluster(cluster) : null,
            exec.Place);
    }

    private static KeyValuePair<string, string> ReadVariable(ConfigNode item) =>
        new(item["name"].Text ?? throw item.Wrong("name is missing"), item["value"].Text ?? "");

    // A command with a slash is a path beside the file; a bare name is looked up in PATH.
    private static string Locate(string command, string file) =>
        command.Contains('/', StringComparison.Ordinal) ? Path.Combine(Path.GetDirectoryName(file)!, command) : command;

    private static string DescribeCluster(ConfigNode cluster)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteText(writer, "server", cluster["server"].Text);
            WriteText(writer, "tls-server-name", cluster["tls-server-name"].Text);
            WriteText(writer, "certificate-authority-data", AuthorityData(cluster));
            WriteText(writer, "proxy-url", cluster["proxy-url"].Text);
            if (cluster["insecure-skip-tls-verify"].Flag)
                writer.WriteBoolean("insecure-skip-tls-verify", true);
            WriteConfig(writer, cluster);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static string? AuthorityData(ConfigNode cluster)
    {
        if (cluster["certificate-authority-data"].Text is { } data)
            return data;
        if (cluster["certificate-authority"].Text is not { } path)
            return null;
        try
        {
            return Convert.ToBase64String(BoundedInput.ReadBytes(Path.Combine(Path.GetDirectoryName(cluster.File)!, path), ConnectionBounds.Certificates));
        }
        catch (InputTooLargeException e)
        {
            throw cluster["certificate-authority"].Wrong(e.Message, "keep only the certificates that you need");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw cluster["certificate-authority"].Wrong("the file cannot be read", "check that it exists and may be read by this process");
        }
    }

    private static void WriteConfig(Utf8JsonWriter writer, ConfigNode cluster)
    {
        foreach (ConfigNode extension in cluster["extensions"].Items)
        {
            if (extension["name"].Text != ConfigExtension)
                continue;
            writer.WritePropertyName("config");
            Write(writer, extension["extension"].Node);
            return;
        }
    }

    private static void Write(Utf8JsonWriter writer, YamlNode? node)
    {
        switch (node)
        {
            case YamlNode.Mapping mapping:
                writer.WriteStartObject();
                foreach (YamlEntry entry in mapping.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case YamlNode.Sequence sequence:
                writer.WriteStartArray();
                foreach (YamlNode item in sequence.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case YamlNode.Scalar { IsNull: false } scalar:
                WriteScalar(writer, scalar);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter writer, YamlNode.Scalar scalar)
    {
        if (scalar.IsPlain && scalar.Text is "true" or "false")
            writer.WriteBooleanValue(scalar.Text == "true");
        else if (scalar.IsPlain && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(scalar.Text);
    }
}
