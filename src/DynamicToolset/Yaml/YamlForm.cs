namespace DynamicToolset.Yaml;

/// <summary>How a text may be written.</summary>
public enum YamlForm
{
    /// <summary>Strict: duplicates and references are errors. For files that are written for this program.</summary>
    WrittenOut,

    /// <summary>
    /// All that <c>kubectl</c> takes: aliases, merge keys, a key that is there again and counts then, lines before the first <c>---</c> that are no
    /// object. For what was written for others.
    /// </summary>
    AsKubectl,
}
