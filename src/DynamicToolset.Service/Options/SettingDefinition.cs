namespace DynamicToolset.Service.Options;

/// <summary>One setting: everything that reading, help, <c>--print-config</c> and the reference page need to know about it.</summary>
public abstract class SettingDefinition
{
    /// <summary>The environment variable, which is also the key in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The heading under which help and reference list it.</summary>
    public required string Group { get; init; }

    /// <summary>The value where nobody sets one, as text.</summary>
    public required string Default { get; init; }

    /// <summary>One or two sentences.</summary>
    public required string Meaning { get; init; }

    /// <summary>What an empty default stands for; empty where it is just empty.</summary>
    public string EmptyMeans { get; init; } = "";

    /// <summary>A setting whose value, where it has one, is the default of this one; it stands earlier in the table.</summary>
    public SettingDefinition? DefaultsTo { get; init; }

    /// <summary>Never shown, neither in errors nor by <c>--print-config</c>.</summary>
    public bool IsSecret { get; init; }

    /// <summary>False while the feature behind it is not built: another value than the default is checked, then warned about.</summary>
    public bool IsInForce { get; init; } = true;

    /// <summary>Of a setting in force, the one value that has no effect yet; else empty.</summary>
    public string ValueNotInForce { get; init; } = "";

    /// <summary>The flag without dashes: <c>DISCOVERY_INTERVAL</c> is <c>discovery-interval</c>.</summary>
    public string Flag
    {
        get => field ?? Name.ToLowerInvariant().Replace('_', '-');
        init;
    }

    public abstract string Kind { get; }

    public abstract string Allowed { get; }

    public abstract bool IsList { get; }

    /// <summary>The value for a text, and the one way to write it; null where the text is refused.</summary>
    /// <param name="culprit">The part of a refused text that is at fault; empty where it is the whole.</param>
    internal abstract object? Read(string text, out string canonical, out string culprit);
}
