namespace DynamicToolset.Service.Cli;

/// <summary>How <c>generate</c> prints the ConfigMap.</summary>
public enum OutputFormat
{
    Yaml,
    Json,
}
