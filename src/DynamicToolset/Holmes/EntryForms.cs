using System.Diagnostics;
using DynamicToolset.Yaml;
using static DynamicToolset.Holmes.FieldType;

namespace DynamicToolset.Holmes;

/// <summary>The fields of entries, tools, parameters and prerequisites: HolmesGPT's holmes/core/tools.py, by kind of entry.</summary>
internal static class EntryForms
{
    private static readonly FieldType Tag = OneOf("core", "cluster", "cli");

    private static readonly Form Parameter = new Form()
        .With(Text.OrNull, "description")
        .With(Per(Text, Either(Text.Wanted, Text, Names)), "type")
        .With(Flag, "required")
        .With(MapOf(In("a map with type and description", () => Parameter!)).OrNull, "properties")
        .With(In("a map with type", () => Parameter!).OrNull, "items")
        .With(Per(Names, ListOf(Any)).OrNull, "enum")
        .With(Either("true, false or a map", Flag, MapOf(Any)).OrNull, "+ additional_properties")
        .With(MapOf(Any).OrNull, "+ json_schema_extra")
        .With(ListOf(In("a map with type", () => Parameter!)).OrNull, "+ any_of");

    private static readonly Form Transformer = new Form().With(Text.Needed, "name").With(MapOf(Any), "config");

    private static readonly Form Tool = new Form()
        .With(Text.Needed, "name", "description")
        .With(Text.OrNull, "command", "script", "user_description", "icon_url", "- additional_instructions")
        .With(MapOf(In("a map with type, description, required", () => Parameter)), "parameters")
        .With(Flag, "+ restricted")
        // Of these the loader passes over what it does not know.
        .With(ListOf(MapOf(Any)).OrNull, "transformers")
        // An empty script is one, an empty command is none.
        .WithRule((map, _) => Form.Has(map, "command") || !PythonScalar.IsNull(map["script"])
            ? null
            : new Misfit(map.Position, "command", "command or script, as a text", IsMissing: true));

    /// <summary>A map that is neither of the first two is read as a list of variables, which may be empty.</summary>
    private static readonly FieldType Prerequisite = Either(
        "a map with command, with env (a list of names), or with enabled and disabled_reason",
        In("", () => new Form().With(Flag.Needed, "enabled").With(Text.Needed, "disabled_reason")),
        In("", () => new Form().With(Text.Needed, "command").With(Text.OrNull, "expected_output")),
        In("", () => new Form().With(Names, "env")));

    private static readonly Form OfAll = new Form()
        .With(Any, "path", "config", "+ meta")
        .With(OneOf("enabled", "disabled", "failed"), "status")
        .With(Text.OrNull, "error", "installation_instructions", "- additional_instructions", "+ subtype")
        .With(Flag, "experimental", "is_default", "+ expose_remotely")
        .With(Names, "+ restricted_tools", "+ approval_required_tools")
        .With(ListOf(In("a map with name and config", () => Transformer)).OrNull, "transformers");

    private static readonly Form WithTools = new Form()
        .With(OfAll)
        .With(Text.OrNull, "docs_url", "icon_url", "llm_instructions")
        .With(ListOf(Prerequisite), "prerequisites")
        .With(ListOf(Tag), "tags")
        .With(ListOf(In("a map with name, description and command", () => Tool)), "tools");

    private static readonly FieldType Type =
        Per(OneOf("built-in", "custom", "mcp"), OneOf("built-in", "custom", "mcp", "http", "database", "mongodb")).OrNull;

    /// <summary>The loader switches on whatever is not off, before it looks at the fields.</summary>
    private static readonly Form Own = new Form().With(WithTools).With(Type, "type").With(Any, "enabled").With(Text, "description");

    private static readonly Form BuiltIn = new Form().With(WithTools).With(Type, "type").With(Flag, "enabled").With(Text.OrNull, "description", "url");

    private static readonly Form Mcp = new Form().With(WithTools).With(Any, "type", "enabled", "url").With(Text, "description");

    private static readonly Form Database = new Form().With(OfAll).With(Any, "type", "enabled").With(Text.OrNull, "description", "llm_instructions");

    private static readonly Form Http = new Form().With(Database).With(ListOf(Tag), "tags");

    public static bool IsKnown(string field) => Own.Knows(field);

    public static bool IsKnownOfATool(string field) => Tool.Knows(field);

    public static Form Of(HolmesEntry entry) => entry.Kind switch
    {
        EntryKind.BuiltIn => BuiltIn,
        EntryKind.Commands => Own,
        EntryKind.Mcp => Mcp,
        EntryKind.Typed => entry.Type == "http" ? Http : Database,
        _ => throw new UnreachableException(),
    };
}
