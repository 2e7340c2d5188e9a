namespace DynamicToolset.Capabilities;

/// <summary>
/// What a backend says of itself, on one line that a model reads: <c>external labels cluster=prod-eu; retention 15d</c>. Whoever answers may mean harm, so it
/// is made of the program's own words: an answer chooses among <see cref="KnownWords"/> and numbers, and adds none.
/// </summary>
public sealed record CapabilityLine
{
    /// <summary>In characters.</summary>
    public const int Longest = 300;

    private const string Between = "; ";

    private CapabilityLine(string text) => Text = text;

    public static CapabilityLine Nothing { get; } = new("");

    /// <summary>Empty where it told nothing that may be shown.</summary>
    public string Text { get; }

    /// <summary>Those that there is room for, in this order. A part that is anything else than our own words is left out.</summary>
    /// <param name="parts">One of each answer; empty where it held nothing that may be shown.</param>
    public static CapabilityLine Of(IEnumerable<string> parts)
    {
        string text = "";
        foreach (string part in parts.Where(p => p.Length > 0 && ShownText.IsOurs(p)))
        {
            string longer = text.Length == 0 ? part : text + Between + part;
            if (longer.Length <= Longest)
                text = longer;
        }

        return text.Length == 0 ? Nothing : new CapabilityLine(text);
    }

    /// <summary>A line from a file of an earlier run; null if this program would not have written it.</summary>
    public static CapabilityLine? TryRead(string text) => text.Length is > 0 and <= Longest && ShownText.IsOurs(text) ? new CapabilityLine(text) : null;

    public override string ToString() => Text;
}
