using System.Collections.Immutable;
using DynamicToolset.Values;

namespace DynamicToolset.Backends;

/// <summary>What backends of a kind are in the file for HolmesGPT.</summary>
/// <param name="Instructions">For the model: what to ask them for, and how. Where they are is put behind it.</param>
internal abstract record HolmesForm(string Instructions)
{
    /// <summary>A toolset of HolmesGPT's own, which is switched on once for all backends of the kind.</summary>
    /// <param name="Toolset">HolmesGPT's name.</param>
    /// <param name="UrlKey">HolmesGPT's name of the key that takes the URL.</param>
    /// <param name="Words">Keys of a toolset's config that have another name there, with the name of the releases of 2025.</param>
    public sealed record BuiltIn(string Toolset, string UrlKey, string Instructions, params ImmutableArray<(string Ours, string Theirs)> Words)
        : HolmesForm(Instructions)
    {
        public SlashAtEnd Slash { get; init; }

        /// <summary>What is said where the admin says nothing else.</summary>
        public ToolsetValue.Map Defaults { get; init; } = ToolsetValue.Map.Empty;

        /// <summary>The path of the check that the releases of 2025 put behind the URL and a slash of their own; null where they do not.</summary>
        public string? HealthcheckBehindSlash { get; init; }

        /// <summary>Where the config of a backend is an item of; null where it is the config itself.</summary>
        public ItemOf? List { get; init; }

        /// <summary>True where HolmesGPT puts a text of its own in the place of <c>llm_instructions</c>, so that the model has to be told elsewhere.</summary>
        public bool HasOwnInstructions { get; init; }
    }

    /// <summary>A toolset of our own for each backend, whose tools call curl.</summary>
    /// <param name="Description">A sentence that says what a backend is, without where it is.</param>
    /// <param name="Instructions">The name of a tool in braces stands for its whole name.</param>
    public sealed record Commands(string Description, string Instructions, params ImmutableArray<Tool> Tools) : HolmesForm(Instructions)
    {
        public ApiRoot? Root { get; init; }
    }

    /// <summary>A toolset of type <c>http</c> for each backend, which releases since 0.20 know: HolmesGPT itself sends the requests.</summary>
    /// <param name="Description">As that of <see cref="Commands"/>.</param>
    /// <param name="Instructions"><c>{request}</c> stands for the name of its one tool, <c>{url}</c> for where the backend is.</param>
    /// <param name="BelowAPath">
    /// What a backend below a path is instead: HolmesGPT compares a path with the allowed ones before it resolves <c>..</c> in it.
    /// </param>
    public sealed record Http(string Description, string Instructions, Commands BelowAPath) : HolmesForm(Instructions);

    /// <summary>A list in the config, which takes all backends in every release. Releases before 0.25 fill in no reference to the environment in it.</summary>
    /// <param name="NameKey">The key of an item that takes the backend's name.</param>
    /// <param name="OtherUrlKey">One that takes the URL as well, where releases do not agree on its name; null for none.</param>
    public sealed record ItemOf(string Key, string NameKey, string? OtherUrlKey = null);

    /// <summary>Whether paths get lost where a URL has no slash at its end.</summary>
    public enum SlashAtEnd
    {
        Never,
        BehindAPath,
        Always,
    }

    /// <summary>What a model can call.</summary>
    /// <param name="Name">Of lower case letters and <c>_</c>. It ends the whole name, and must not be the tail of another one.</param>
    /// <param name="Description">For the model.</param>
    public sealed record Tool(string Name, string Description, Get Request, params ImmutableArray<Parameter> Parameters);

    /// <summary>
    /// Something that the model fills in when it calls a tool. Always required: of one that is left out HolmesGPT makes an empty text in
    /// one release and the word None in another.
    /// </summary>
    /// <param name="Name">Of lower case letters and <c>_</c>: the shell has it as a variable where it is <paramref name="Kind"/> of something.</param>
    /// <param name="Description">For the model: which values there are, with an example.</param>
    public sealed record Parameter(string Name, string Description, ParameterKind Kind = ParameterKind.Text);

    /// <summary>What the model may fill in. What is no such thing is answered with an error, and nobody is asked.</summary>
    public enum ParameterKind
    {
        /// <summary>Anything: it is sent url-encoded in the query.</summary>
        Text,

        /// <summary>Digits of a hexadecimal number.</summary>
        Hexadecimal,

        /// <summary>A name or a pattern that is one step of a path, such as that of an index.</summary>
        Step,

        /// <summary>A path and a query. It stays below where it begins.</summary>
        Path,

        /// <summary>A time such as 90m, in whole seconds in the shell's variable.</summary>
        Lookback,
    }

    /// <summary>
    /// A GET. What the model fills in, <c>{{ name }}</c>, stands outside of all quotes: HolmesGPT quotes it for the shell. What is more than
    /// text the shell has looked at, and has as <c>${name-}</c>; <c>${name}</c> HolmesGPT would put in before the shell.
    /// </summary>
    /// <param name="Path">Below where the API begins; starts with <c>/</c>, or is empty.</param>
    /// <param name="Query">Names of parameters with what the shell puts in; they are sent url-encoded.</param>
    public sealed record Get(string Path, params ImmutableArray<(string Name, string Value)> Query)
    {
        /// <summary>Follows the path behind a slash, in quotes; null for the path alone.</summary>
        public string? Tail { get; init; }
    }

    /// <summary>A key of the config that holds the path of one thing of an API; the rest of the API is beside that.</summary>
    /// <param name="Ending">Of the path.</param>
    /// <param name="Usual">What comes before the ending, where the config says nothing.</param>
    public sealed record ApiRoot(string Key, string Ending, string Usual);
}
