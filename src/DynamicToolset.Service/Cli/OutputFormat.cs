namespace DynamicToolset.Service.Cli;

/// <summary>How a command prints its result.</summary>
public enum OutputFormat
{
    Yaml,

    /// <summary>For a person.</summary>
    Table,

    /// <summary>For a person, and for programs that read the form it is in.</summary>
    Text,

    Json,
}
