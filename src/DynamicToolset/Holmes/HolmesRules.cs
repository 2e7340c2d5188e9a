using System.Collections.Immutable;
using static DynamicToolset.Holmes.HolmesEffect;

namespace DynamicToolset.Holmes;

/// <summary>
/// What the loader of HolmesGPT (https://github.com/HolmesGPT/holmesgpt) does with a file, as seen by running it: commit c1ee1d43 of
/// November 2025 and 20c62adb of July 2026.
/// </summary>
public static class HolmesRules
{
    private const string UnsentHeader = "The requests fail, and HolmesGPT puts the error, which shows the value, into its prompt";

    private static readonly List<HolmesRule> Added = [];

    // The file.
    public static HolmesRule Syntax { get; } = Add("yaml-syntax", FileLost, "is not YAML", "Fix the text at this place");
    public static HolmesRule KeyTwice { get; } = Add("key-twice", Unnoticed, "is a duplicate", "Write each key once", "HolmesGPT uses the last one");
    public static HolmesRule SeveralDocuments { get; } = Add(
        "several-documents", FileLost, "begins a second document", "Write one document, without ---");
    public static HolmesRule EmptyFile { get; } = Add(
        "empty-file", FileLost, "is empty", "Write toolsets: with at least one entry, or do not mount the file");
    public static HolmesRule FileNotAMap { get; } = Add("file-not-a-map", FileLost, "is not a map", "Begin with toolsets: or mcp_servers:");
    public static HolmesRule NoToolsets { get; } = Add(
        "no-toolsets", FileLost, "has no entry under toolsets or mcp_servers", "Write at least one, for example kubernetes/core");
    public static HolmesRule SectionNotAMap { get; } = Add(
        "section-not-a-map", FileLost, "is not a map", "Write the entries as a map from name to fields, {} if there are none");
    public static HolmesRule EntryNotAMap { get; } = Add("entry-not-a-map", FileLost, "is not a map", "Write enabled: true under the name");
    public static HolmesRule NameNotAText { get; } = Add(
        "name-not-a-text", FileLost, "is a number, a date, a boolean or null, not a text", "Write the name in quotes",
        "HolmesGPT of 2026 rejects the whole file, that of 2025 drops the entry");
    public static HolmesRule NameTwice { get; } = Add(
        "name-twice", Unnoticed, "is a name under toolsets and under mcp_servers", "Write names that differ",
        "HolmesGPT uses the server and drops the toolset");
    public static HolmesRule DottedKey { get; } = Add(
        "dotted-key", FileLost, "is a key with a dot", "Write a dash or a slash instead of the dot; a label or anything else with a dot cannot be a key");
    public static HolmesRule UnknownSection { get; } = Add(
        "unknown-section", Unnoticed, "is not read at this level",
        "Write toolsets or mcp_servers; put notes into comments or under a key that begins with x-");
    public static HolmesRule BaseToolsetMissing { get; } = Add(
        "base-toolset-missing", Unnoticed, "is not switched on here", "Write it with enabled: true, or remove it from HOLMES_BASE_TOOLSETS",
        "HolmesGPT reads this file instead of its chart's own, so it works without that toolset");
    // The entries.
    public static HolmesRule ShortName { get; } = Add("short-name", EntryLost, "is not the full name of HolmesGPT's toolset", "Write the full name");
    public static HolmesRule NewerToolset { get; } = Add(
        "newer-toolset", EntryLost, "is a built-in toolset that the releases of 2025 do not have",
        "Write a toolset of your own under another name, or set HOLMES_TARGET=current", only: HolmesTarget.Compat);
    public static HolmesRule GoneToolset { get; } = Add(
        "gone-toolset", EntryLost, "is a built-in toolset that was removed in 2026", "Remove it; OpenSearch is now read through elasticsearch/data");
    public static HolmesRule BuiltInOverwritten { get; } = Add(
        "built-in-overwritten", Unnoticed, "is a field of a custom toolset, in an entry with the name of a built-in one",
        "Remove the field, or choose another name", "HolmesGPT changes its own toolset instead of adding one");
    public static HolmesRule UnknownField { get; } = Add("unknown-field", EntryLost, "is not a field of such an entry", "Remove it, or make it a comment");
    public static HolmesRule NewerField { get; } = Add(
        "newer-field", EntryLost, "is a field that the releases of 2025 do not know", "Remove it, or set HOLMES_TARGET=current", only: HolmesTarget.Compat);
    public static HolmesRule OlderField { get; } = Add("older-field", EntryLost, "is a field that was removed in 2026", "Remove it");
    public static HolmesRule FieldType { get; } = Add("field-type", EntryLost, "has the wrong type for this field", "Write a value of its type");
    public static HolmesRule MissingField { get; } = Add("missing-field", EntryLost, "is missing", "Write it");
    public static HolmesRule NullValue { get; } = Add("null-value", Unnoticed, "is null", "Write a value or remove the key");
    public static HolmesRule EnabledMissing { get; } = Add(
        "enabled-missing", Unnoticed, "does not say whether it is on", "Write enabled: true",
        "HolmesGPT leaves a built-in toolset off, and switches any other on");
    public static HolmesRule EnabledNotOff { get; } = Add(
        "enabled-not-off", Unnoticed, "is on, whatever its enabled seems to say", "Write true, or false without quotes",
        "HolmesGPT switches a custom toolset off only for a plain false");
    public static HolmesRule CliTag { get; } = Add(
        "cli-tag", EntryLost, "is for the command line only", "Write tags: [core], or remove the entry", "The HolmesGPT server leaves it out");
    public static HolmesRule MissingDescription { get; } = Add(
        "missing-description", EntryLost, "has no description, and is not a known built-in toolset",
        "Write a description, or the built-in's exact name");
    public static HolmesRule MissingInstructions { get; } = Add(
        "missing-instructions", Unnoticed, "has no llm_instructions", "Write in llm_instructions what it is for",
        "HolmesGPT does not mention it to the model in its prompt");
    public static HolmesRule MissingTools { get; } = Add(
        "missing-tools", Unnoticed, "has no tools", "Write at least one tool", "HolmesGPT loads it, but the model has nothing to call");
    public static HolmesRule NewerType { get; } = Add(
        "newer-type", EntryLost, "has a type that the releases of 2025 do not know", "Write tools with commands, or set HOLMES_TARGET=current",
        only: HolmesTarget.Compat);
    // Their tools.
    public static HolmesRule ToolUnknownField { get; } = Add("tool-unknown-field", Unnoticed, "is not a field of a tool", "Remove it");
    public static HolmesRule ToolName { get; } = Add(
        "tool-name", RequestsFail, "gives a tool a name that is not 1 to 64 letters, digits, _ and -", "Write such a name");
    public static HolmesRule ToolNameTwice { get; } = Add(
        "tool-name-twice", Unnoticed, "is the name of another tool of this file", "Write names that differ over all toolsets",
        "HolmesGPT keeps one of the two");
    // Their texts.
    public static HolmesRule EnvInCommand { get; } = Add(
        "env-in-command", Unnoticed, "has {{ env.NAME }} in a command", "Write ${NAME:-}", "HolmesGPT of 2025 asks the model for a parameter env",
        only: HolmesTarget.Compat);
    public static HolmesRule QuotedParameter { get; } = Add(
        "quoted-parameter", Unsafe, "has a {{ parameter }} inside quotes or a comment", "Write it outside, without quotes around",
        "HolmesGPT adds its own quotes, which end the existing ones: text from the model can run as a command");
    public static HolmesRule UrlNotQuoted { get; } = Add(
        "url-not-quoted", Unsafe, "has a URL in a command that is not in single quotes",
        "Write 'http://host:port/path', and parameters after it with -G --data-urlencode", "The shell interprets the URL: parts of it can run as a command");
    public static HolmesRule UrlNotPlain { get; } = Add(
        "url-not-plain", Unsafe, "has a URL in a command that is more than scheme, host, port and path",
        "Write http or https, a host in lower case, a port, and a path of letters, digits and ._~/-", "HolmesGPT runs the command as it is");
    public static HolmesRule CurlWithoutTimeout { get; } = Add(
        "curl-without-timeout", Unnoticed, "calls curl without --max-time", "Write --max-time 10, or less", "HolmesGPT waits as long as the backend does not answer");
    public static HolmesRule EnvInPrompt { get; } = Add(
        "env-in-prompt", Unsafe, "has {{ env.NAME }} in a text for the model", "Remove it",
        "HolmesGPT inserts the value from its own environment and sends it to the model");
    public static HolmesRule TemplateInInstructions { get; } = Add(
        "template-in-instructions", Unsafe, "has a template in llm_instructions", "Write plain text without {{, {% and {#",
        "HolmesGPT runs it, without a sandbox, in its own process");
    public static HolmesRule BrokenTemplate { get; } = Add(
        "broken-template", EntryLost, "has a broken template in llm_instructions", "Write plain text without {{, {% and {#");
    public static HolmesRule FileInInstructions { get; } = Add(
        "file-in-instructions", EntryLost, "has file:// or builtin:// at the beginning of llm_instructions", "Write the text itself",
        "HolmesGPT drops the entry if it has no such file, else it sends the file to the model");
    public static HolmesRule ControlCharacter { get; } = Add(
        "control-character", Unsafe, "has a control character", "Remove it", "HolmesGPT passes it on to shells, prompts and terminals");
    // Their config.
    public static HolmesRule DollarInConfig { get; } = Add(
        "dollar-in-config", Unnoticed, "has ${NAME} in config", "Write {{ env.NAME }}", "HolmesGPT sends these characters literally");
    public static HolmesRule TemplateInConfig { get; } = Add(
        "template-in-config", Unnoticed, "has {{ }} in config that is not {{ env.NAME }}", "Write {{ env.NAME }}, or the value",
        "HolmesGPT sends these characters literally");
    public static HolmesRule EnvName { get; } = Add(
        "env-name", EntryLost, "refers to an environment variable that cannot be set", "Write letters, digits and _ after env.");
    public static HolmesRule EnvInList { get; } = Add(
        "env-in-list", Unnoticed, "has {{ env.NAME }} in a map of a list", "Leave the credential to HolmesGPT's own environment, or set HOLMES_TARGET=current",
        "HolmesGPT before 0.25 sends these characters literally", only: HolmesTarget.Compat);
    public static HolmesRule LiteralSecret { get; } = Add(
        "literal-secret", Unsafe, "is a secret in plain text", "Write {{ env.NAME }} and give HolmesGPT's pod that variable",
        "Everyone who may read the ConfigMap can read it");
    public static HolmesRule HeaderName { get; } = Add(
        "header-name", EntryFails, "is not a valid header name",
        "Write letters, digits and dashes, each name once, and none that the client sets itself, such as Host", UnsentHeader);
    public static HolmesRule HeaderValue { get; } = Add(
        "header-value", EntryFails, "is not a valid header value", "Write printable ASCII as a text, without a space at either end", UnsentHeader);
    public static HolmesRule Credential { get; } = Add(
        "credential", EntryFails, "is not a valid credential",
        "Write one line without control characters and typographic quotes, or {{ env.NAME }}", UnsentHeader);
    public static HolmesRule ConfigWithoutEffect { get; } = Add("config-without-effect", Unnoticed, "has a config, but supports none", "Remove config");
    public static HolmesRule ConfigType { get; } = Add("config-type", EntryFails, "has the wrong type for this config", "Write a value of its type");
    public static HolmesRule MissingConfigKey { get; } = Add("missing-config-key", EntryFails, "is missing in config", "Write it");
    public static HolmesRule UnknownConfigKey { get; } = Add(
        "unknown-config-key", Unnoticed, "is not a key of this toolset's config", "Remove it, or write the key that was meant");
    public static HolmesRule RenamedConfigKey { get; } = Add(
        "renamed-config-key", Unnoticed, "is a key that the releases of 2025 know under another name", "Write the old name, which both accept, or both",
        only: HolmesTarget.Compat);
    public static HolmesRule InstancesInOlder { get; } = Add(
        "instances-in-older", Unnoticed, "is not known to the releases of 2025, which support one config per toolset",
        "Write the config of one of them, or set HOLMES_TARGET=current", only: HolmesTarget.Compat);
    // MCP servers.
    public static HolmesRule McpModeMissing { get; } = Add(
        "mcp-mode-missing", Unnoticed, "does not say its mode", "Write mode: streamable-http or mode: sse", "HolmesGPT uses sse and appends /sse to the URL");
    public static HolmesRule McpStdio { get; } = Add(
        "mcp-stdio", Unsafe, "starts a process", "Write a server with a URL, and mode: streamable-http",
        "HolmesGPT starts it in its own pod, with its own secrets");

    /// <summary>In the order in which they are listed above.</summary>
    public static ImmutableArray<HolmesRule> All => [.. Added];

    private static HolmesRule Add(string id, HolmesEffect effect, string found, string instead, string? consequence = null, HolmesTarget? only = null)
    {
        var rule = new HolmesRule(id, effect, found, instead) { Only = only };
        Added.Add(consequence is null ? rule : rule with { Consequence = consequence });
        return Added[^1];
    }
}
