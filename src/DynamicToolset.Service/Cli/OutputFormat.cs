namespace DynamicToolset.Service.Cli;

/// <summary>How a command prints its result.</summary>
public enum OutputFormat
{
    Yaml,

    /// <summary>For a person.</summary>
    Table,

    Json,
}
