using System.Collections.Immutable;

namespace DynamicToolset.Holmes;

/// <summary>
/// What the loader of HolmesGPT (https://github.com/HolmesGPT/holmesgpt) does with a file, as seen by running it: commit c1ee1d43 of
/// November 2025 and 20c62adb of July 2026.
/// </summary>
public static class HolmesRules
{
    public static HolmesRule Syntax { get; } = new(
        "yaml-syntax", HolmesEffect.FileLost, "is no YAML", "Mend the text at this place");

    public static HolmesRule NotPlainYaml { get; } = new(
        "yaml-not-plain", HolmesEffect.Unnoticed, "is not written out", "Write each key once and each value out: what comes after this place was not checked")
    { Consequence = "HolmesGPT reads it, and of two equal keys takes the last" };

    public static HolmesRule SeveralDocuments { get; } = new(
        "several-documents", HolmesEffect.FileLost, "begins a second document", "Write one document, without --- between");

    public static HolmesRule EmptyFile { get; } = new(
        "empty-file", HolmesEffect.FileLost, "has nothing in it", "Write toolsets: with at least one entry, or do not mount the file");

    public static HolmesRule FileNotAMap { get; } = new(
        "file-not-a-map", HolmesEffect.FileLost, "is not a map", "Begin with toolsets: or mcp_servers:");

    public static HolmesRule ForeignFormat { get; } = new(
        "one-toolset-format", HolmesEffect.FileLost, "is the format of one toolset in a file, which HolmesGPT does not know", "Write toolsets: with the toolset's name in it");

    public static HolmesRule NoToolsets { get; } = new(
        "no-toolsets", HolmesEffect.FileLost, "has no entry under toolsets or mcp_servers", "Write at least one, for example kubernetes/core");

    public static HolmesRule NullSection { get; } = new(
        "null-section", HolmesEffect.FileLost, "is null", "Write {} or leave the key out");

    public static HolmesRule SectionNotAMap { get; } = new(
        "section-not-a-map", HolmesEffect.FileLost, "is not a map", "Write the entries as a map from name to fields");

    public static HolmesRule NullEntry { get; } = new(
        "null-entry", HolmesEffect.FileLost, "has no fields", "Write enabled: true under the name");

    public static HolmesRule EntryNotAMap { get; } = new(
        "entry-not-a-map", HolmesEffect.FileLost, "is not a map", "Write enabled: true under the name");

    public static HolmesRule DottedKey { get; } = new(
        "dotted-key", HolmesEffect.FileLost, "is a key with a dot", "Write a dash or a slash for the dot; what needs a dot, such as a label, cannot be a key");

    public static HolmesRule UnknownSection { get; } = new(
        "unknown-section", HolmesEffect.Unnoticed, "is not read at this level", "Write toolsets or mcp_servers; notes of your own go into comments or under a key that begins with x-");

    public static HolmesRule BaseToolsetMissing { get; } = new(
        "base-toolset-missing", HolmesEffect.Unnoticed, "is not switched on here", "Write it with enabled: true, or take it out of HOLMES_BASE_TOOLSETS")
    { Consequence = "HolmesGPT reads this file in the place of its chart's own, so it works without that toolset" };

    public static HolmesRule UnknownField { get; } = new(
        "unknown-field", HolmesEffect.EntryLost, "is no field of such an entry", "Leave it out, or write it as a comment");

    public static HolmesRule NewerField { get; } = new(
        "newer-field", HolmesEffect.EntryLost, "is a field that the releases of 2025 do not know", "Leave it out, or set HOLMES_TARGET=current")
    { Only = HolmesTarget.Compat };

    public static HolmesRule OlderField { get; } = new(
        "older-field", HolmesEffect.EntryLost, "is a field that is gone in 2026", "Leave it out");

    public static HolmesRule SubtypeWithoutEffect { get; } = new(
        "subtype-without-effect", HolmesEffect.Unnoticed, "does not reach the toolset", "Leave it out")
    { Only = HolmesTarget.Current };

    public static HolmesRule NullValue { get; } = new(
        "null-value", HolmesEffect.Unnoticed, "is null", "Write a value or leave the key out");

    public static HolmesRule EnabledMissing { get; } = new(
        "enabled-missing", HolmesEffect.Unnoticed, "does not say whether it is on", "Write enabled: true")
    { Consequence = "HolmesGPT leaves a toolset of its own off, and switches any other on" };

    public static HolmesRule EnabledNotASwitch { get; } = new(
        "enabled-not-a-switch", HolmesEffect.EntryLost, "is neither true nor false", "Write true or false");

    public static HolmesRule FieldNotAText { get; } = new(
        "field-not-a-text", HolmesEffect.EntryLost, "is not a text", "Write a text, in quotes where it looks like a number or a boolean");

    public static HolmesRule ConfigNotAMap { get; } = new(
        "config-not-a-map", HolmesEffect.EntryLost, "is not a map", "Write the settings as a map");

    public static HolmesRule ToolsNotAList { get; } = new(
        "tools-not-a-list", HolmesEffect.EntryLost, "is not a list", "Write a list of maps, each with name, description and command");

    public static HolmesRule PrerequisitesNotAList { get; } = new(
        "prerequisites-not-a-list", HolmesEffect.EntryLost, "is not a list", "Write - command: '…' under it");

    public static HolmesRule PrerequisiteUnknown { get; } = new(
        "prerequisite-unknown", HolmesEffect.EntryLost, "is none of the three kinds", "Write a map with command, with env (a list of names), or with enabled");

    public static HolmesRule TagsNotAList { get; } = new(
        "tags-not-a-list", HolmesEffect.EntryLost, "is not a list", "Write [core]");

    public static HolmesRule UnknownTag { get; } = new(
        "unknown-tag", HolmesEffect.EntryLost, "has a tag that is none of core, cluster, cli", "Write core, or leave the tags out");

    public static HolmesRule CliTag { get; } = new(
        "cli-tag", HolmesEffect.Unnoticed, "is for the command line only", "Write core")
    { Consequence = "The HolmesGPT server leaves it out" };

    public static HolmesRule MissingDescription { get; } = new(
        "missing-description", HolmesEffect.EntryLost, "is no built-in toolset that is known here, and has no description", "Write a description, or the built-in's exact name");

    public static HolmesRule McpDescriptionMissing { get; } = new(
        "mcp-description-missing", HolmesEffect.EntryLost, "has no description, which the releases of 2025 ask for", "Write a description")
    { Only = HolmesTarget.Compat };

    public static HolmesRule MissingInstructions { get; } = new(
        "missing-instructions", HolmesEffect.Unnoticed, "has no llm_instructions", "Write in llm_instructions what it is for")
    { Consequence = "HolmesGPT does not name it to the model in its prompt" };

    public static HolmesRule MissingTools { get; } = new(
        "missing-tools", HolmesEffect.Unnoticed, "has no tools", "Write at least one tool")
    { Consequence = "HolmesGPT loads it, and the model has nothing to call" };

    public static HolmesRule UnknownType { get; } = new(
        "unknown-type", HolmesEffect.EntryLost, "has a type that is none of mcp, http, database, mongodb", "Leave type out for a toolset with commands, and for a built-in one");

    public static HolmesRule NewerType { get; } = new(
        "newer-type", HolmesEffect.EntryLost, "has a type that the releases of 2025 do not know", "Write tools with commands, or set HOLMES_TARGET=current")
    { Only = HolmesTarget.Compat };

    public static HolmesRule ShortName { get; } = new(
        "short-name", HolmesEffect.EntryLost, "is not the name of HolmesGPT's toolset", "Write the whole name");

    public static HolmesRule NewerToolset { get; } = new(
        "newer-toolset", HolmesEffect.EntryLost, "is a built-in toolset that the releases of 2025 do not have", "Write a toolset of your own under another name, or set HOLMES_TARGET=current")
    { Only = HolmesTarget.Compat };

    public static HolmesRule GoneToolset { get; } = new(
        "gone-toolset", HolmesEffect.EntryLost, "is a built-in toolset that is gone in 2026", "Leave it out; OpenSearch is read through elasticsearch/data now");

    public static HolmesRule ReservedName { get; } = new(
        "reserved-name", HolmesEffect.Unnoticed, "has a name in a family of HolmesGPT's own toolsets", "Write a prefix of your own, such as discovered/")
    { Consequence = "As soon as HolmesGPT has a toolset of that name the entry changes that one" };

    public static HolmesRule BuiltInOverwritten { get; } = new(
        "built-in-overwritten", HolmesEffect.Unnoticed, "is a field that makes a toolset, in an entry that has a built-in's name", "Leave the field out, or write another name")
    { Consequence = "HolmesGPT changes its own toolset and makes no other" };

    public static HolmesRule BadName { get; } = new(
        "bad-name", HolmesEffect.Unnoticed, "is no name of words joined by slashes", "Write letters, digits, - and _, with / between the parts")
    { Consequence = "HolmesGPT takes it; for some kinds it makes the name of a tool out of it, which the model's API may refuse" };

    public static HolmesRule ToolNotAMap { get; } = new(
        "tool-not-a-map", HolmesEffect.EntryLost, "is not a map", "Write a map with name, description and command");

    public static HolmesRule ToolUnknownField { get; } = new(
        "tool-unknown-field", HolmesEffect.Unnoticed, "is no field of a tool", "Leave it out");

    public static HolmesRule ToolIncomplete { get; } = new(
        "tool-incomplete", HolmesEffect.EntryLost, "is missing in a tool, or is no text", "Write a name and a description");

    public static HolmesRule ToolWithoutCommand { get; } = new(
        "tool-without-command", HolmesEffect.EntryLost, "has neither command nor script", "Write one of them, as a text");

    public static HolmesRule ToolName { get; } = new(
        "tool-name", HolmesEffect.RequestsFail, "gives a tool a name that is not 1 to 64 letters, digits, _ and -", "Write such a name");

    public static HolmesRule ToolNameTwice { get; } = new(
        "tool-name-twice", HolmesEffect.Unnoticed, "is the name of another tool of this file", "Write names that differ over all toolsets")
    { Consequence = "HolmesGPT keeps one of the two" };

    public static HolmesRule ParametersNotAMap { get; } = new(
        "parameters-not-a-map", HolmesEffect.EntryLost, "is not a map of maps", "Write a map from parameter to type, description, required");

    public static HolmesRule EnvInCommand { get; } = new(
        "env-in-command", HolmesEffect.Unnoticed, "has {{ env.NAME }} in a command", "Write ${NAME:-}")
    { Only = HolmesTarget.Compat, Consequence = "HolmesGPT of 2025 asks the model for a parameter env" };

    public static HolmesRule QuotedParameter { get; } = new(
        "quoted-parameter", HolmesEffect.Unsafe, "has a {{ parameter }} inside quotes or a comment", "Write it outside, without quotes around")
    { Consequence = "HolmesGPT puts quotes around it, which end those that are there: what the model writes can run" };

    public static HolmesRule UrlNotQuoted { get; } = new(
        "url-not-quoted", HolmesEffect.Unsafe, "has a URL in a command that is not in single quotes", "Write 'http://host:port/path', and parameters after it with -G --data-urlencode")
    { Consequence = "The shell reads the URL: what stands in it can run" };

    public static HolmesRule UrlNotPlain { get; } = new(
        "url-not-plain", HolmesEffect.Unsafe, "has a URL in a command that is more than scheme, host, port and path",
        "Write http or https, a host in lower case, a port, and a path of letters, digits and ._~/-")
    { Consequence = "HolmesGPT runs the command as it is" };

    public static HolmesRule CurlWithoutTimeout { get; } = new(
        "curl-without-timeout", HolmesEffect.Unnoticed, "calls curl without --max-time", "Write --max-time 10, or less")
    { Consequence = "HolmesGPT waits as long as the backend is silent" };

    public static HolmesRule EnvInPrompt { get; } = new(
        "env-in-prompt", HolmesEffect.Unsafe, "has {{ env.NAME }} in a text for the model", "Leave it out")
    { Consequence = "HolmesGPT puts the value of its own environment there and sends it to the model" };

    public static HolmesRule TemplateInInstructions { get; } = new(
        "template-in-instructions", HolmesEffect.Unsafe, "has a template in llm_instructions", "Write plain text without {{, {% and {#")
    { Consequence = "HolmesGPT runs it, without a sandbox, in its own process" };

    public static HolmesRule FileInInstructions { get; } = new(
        "file-in-instructions", HolmesEffect.Unsafe, "has file:// or builtin:// in llm_instructions", "Write the text itself")
    { Consequence = "HolmesGPT opens the file and sends it to the model" };

    public static HolmesRule ControlCharacter { get; } = new(
        "control-character", HolmesEffect.Unsafe, "has a control character", "Leave it out")
    { Consequence = "HolmesGPT passes it on to shells, prompts and terminals" };

    public static HolmesRule DollarInConfig { get; } = new(
        "dollar-in-config", HolmesEffect.Unnoticed, "has ${NAME} in config", "Write {{ env.NAME }}")
    { Consequence = "HolmesGPT sends these very characters" };

    public static HolmesRule TemplateInConfig { get; } = new(
        "template-in-config", HolmesEffect.Unnoticed, "has {{ }} in config that is no {{ env.NAME }}", "Write {{ env.NAME }}, or the value")
    { Consequence = "HolmesGPT sends these very characters" };

    public static HolmesRule EnvName { get; } = new(
        "env-name", HolmesEffect.EntryLost, "refers to an environment variable that cannot be set", "Write letters, digits and _ after env.");

    public static HolmesRule EnvInList { get; } = new(
        "env-in-list", HolmesEffect.Unnoticed, "has {{ env.NAME }} in a map of a list", "Leave the credential to HolmesGPT's own environment, or set HOLMES_TARGET=current")
    { Only = HolmesTarget.Compat, Consequence = "HolmesGPT before 0.25 sends these very characters" };

    public static HolmesRule LiteralSecret { get; } = new(
        "literal-secret", HolmesEffect.Unsafe, "is written out", "Write {{ env.NAME }} and give HolmesGPT's pod that variable")
    { Consequence = "Everyone who may read the ConfigMap can read it" };

    public static HolmesRule HeaderName { get; } = Unsent(
        "header-name", "is no header that can be set", "Write letters, digits and dashes, each name once, and none that the client sets itself, as Host");

    public static HolmesRule HeaderValue { get; } = Unsent(
        "header-value", "has no value that a header can have", "Write printable ASCII as a text, without a blank at either end");

    public static HolmesRule Credential { get; } = Unsent(
        "credential", "is no text that is sent as a credential", "Write one line without control characters and typographic quotes, or {{ env.NAME }}");

    public static HolmesRule ConfigWithoutEffect { get; } = new(
        "config-without-effect", HolmesEffect.Unnoticed, "has a config, and takes none", "Leave config out");

    public static HolmesRule MissingConfigKey { get; } = new(
        "missing-config-key", HolmesEffect.EntryFails, "is missing in config", "Write it");

    public static HolmesRule UnknownConfigKey { get; } = new(
        "unknown-config-key", HolmesEffect.Unnoticed, "is no key of this toolset's config", "Leave it out, or write the key that was meant");

    public static HolmesRule RenamedConfigKey { get; } = new(
        "renamed-config-key", HolmesEffect.Unnoticed, "is a key that the releases of 2025 know under another name", "Write the old name, which both take, or both")
    { Only = HolmesTarget.Compat };

    public static HolmesRule InstancesInOlder { get; } = new(
        "instances-in-older", HolmesEffect.EntryFails, "is not known to the releases of 2025: one config for a toolset", "Write the config of one of them, or set HOLMES_TARGET=current")
    { Only = HolmesTarget.Compat };

    public static HolmesRule InstanceName { get; } = new(
        "instance-name", HolmesEffect.EntryFails, "has an instance without a name, or two of one name", "Give each instance a name of its own")
    { Only = HolmesTarget.Current };

    public static HolmesRule TwoCredentials { get; } = new(
        "two-credentials", HolmesEffect.EntryFails, "has both api_key and username", "Write one of them");

    public static HolmesRule ConfigUrl { get; } = new(
        "config-url", HolmesEffect.EntryFails, "is no http or https URL", "Write http://host:port");

    public static HolmesRule HttpEndpoints { get; } = new(
        "http-endpoints", HolmesEffect.EntryFails, "has no endpoints with hosts", "Write endpoints: [{hosts: ['http://host:port'], paths: […]}] in config")
    { Only = HolmesTarget.Current };

    public static HolmesRule McpUrlOutside { get; } = new(
        "mcp-url-outside", HolmesEffect.Unnoticed, "has its url beside config", "Write it in config")
    { Consequence = "HolmesGPT moves it, with a warning in its log" };

    public static HolmesRule McpModeMissing { get; } = new(
        "mcp-mode-missing", HolmesEffect.Unnoticed, "does not say its mode", "Write mode: streamable-http or mode: sse")
    { Consequence = "HolmesGPT takes sse and appends /sse to the URL" };

    public static HolmesRule McpMode { get; } = new(
        "mcp-mode", HolmesEffect.EntryFails, "is neither streamable-http nor sse", "Write one of these");

    public static HolmesRule McpStdio { get; } = new(
        "mcp-stdio", HolmesEffect.Unsafe, "starts a process", "Write a server with a URL, and mode: streamable-http")
    { Consequence = "HolmesGPT starts it in its own pod, with its own secrets" };

    /// <summary>In the order in which they are told of: the file, the entries, their tools, their texts, their config, MCP.</summary>
    public static ImmutableArray<HolmesRule> All { get; } =
    [
        Syntax, NotPlainYaml, SeveralDocuments, EmptyFile, FileNotAMap, ForeignFormat, NoToolsets, NullSection, SectionNotAMap, NullEntry, EntryNotAMap,
        DottedKey, UnknownSection, BaseToolsetMissing,
        BadName, ShortName, ReservedName, NewerToolset, GoneToolset, BuiltInOverwritten, UnknownField, NewerField, OlderField, SubtypeWithoutEffect,
        NullValue, EnabledMissing, EnabledNotASwitch, FieldNotAText, ConfigNotAMap, ToolsNotAList, PrerequisitesNotAList, PrerequisiteUnknown,
        TagsNotAList, UnknownTag, CliTag, MissingDescription, MissingInstructions, MissingTools, UnknownType, NewerType,
        ToolNotAMap, ToolUnknownField, ToolIncomplete, ToolWithoutCommand, ToolName, ToolNameTwice, ParametersNotAMap,
        EnvInCommand, QuotedParameter, UrlNotQuoted, UrlNotPlain, CurlWithoutTimeout, EnvInPrompt, TemplateInInstructions, FileInInstructions,
        ControlCharacter,
        DollarInConfig, TemplateInConfig, EnvName, EnvInList, LiteralSecret, HeaderName, HeaderValue, Credential,
        ConfigWithoutEffect, MissingConfigKey, UnknownConfigKey, RenamedConfigKey,
        InstancesInOlder, InstanceName, TwoCredentials, ConfigUrl, HttpEndpoints,
        McpDescriptionMissing, McpUrlOutside, McpModeMissing, McpMode, McpStdio,
    ];

    private static HolmesRule Unsent(string id, string found, string instead) => new(id, HolmesEffect.EntryFails, found, instead)
    { Consequence = "The requests fail, and HolmesGPT puts the error, which shows the value, into its prompt" };
}
