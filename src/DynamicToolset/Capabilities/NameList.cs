namespace DynamicToolset.Capabilities;

/// <summary>Names in a row, as many as there is room for: <c>labels app, namespace and others</c>.</summary>
internal static class NameList
{
    /// <summary>Most names in a line; the first few show what the backend is for.</summary>
    private const int Most = 10;

    /// <summary>In characters. A short part has room behind it on a line.</summary>
    private const int Longest = CapabilityLine.Longest - 60;

    private const string Others = " and others";

    /// <param name="shown">Each may be shown.</param>
    /// <param name="hasOthers">There are more, that may not be shown. Not how many: their number changes with every one that comes and goes.</param>
    /// <returns>Empty where there is none to show.</returns>
    public static string Of(string heading, IReadOnlyList<string> shown, bool hasOthers)
    {
        string text = "";
        int count = 0;
        foreach (string name in shown.Take(Most))
        {
            string longer = count == 0 ? $"{heading} {name}" : $"{text}, {name}";
            if (longer.Length > Longest - Others.Length)
                break;
            text = longer;
            count++;
        }

        return count > 0 && (hasOthers || count < shown.Count) ? text + Others : text;
    }
}
