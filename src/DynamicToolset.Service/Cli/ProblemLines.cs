namespace DynamicToolset.Service.Cli;

/// <summary>Limits the lines about many similar things: there may be thousands, and the first show what it is about.</summary>
internal static class ProblemLines
{
    private const int Most = 20;

    public static IEnumerable<string> Of(IEnumerable<string> lines)
    {
        int count = 0;
        foreach (string line in lines)
        {
            if (count++ < Most)
                yield return line;
        }

        if (count > Most)
            yield return $"and {count - Most} more like this";
    }
}
