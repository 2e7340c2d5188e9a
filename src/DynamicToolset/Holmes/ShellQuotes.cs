namespace DynamicToolset.Holmes;

/// <summary>
/// Walks over a command as a POSIX shell reads its quotes
/// (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, 2.2): backslash, both quotes, comments. What stands in
/// <c>$( )</c> is read as if it stood outside.
/// </summary>
internal sealed class ShellQuotes(string command)
{
    /// <summary>Stands for a comment, which only the end of its line closes.</summary>
    public const char Comment = '#';

    /// <summary>The quote that the walk is in, or <see cref="Comment"/>; null outside.</summary>
    public char? Open { get; private set; }

    /// <summary>Where it was opened; -1 outside.</summary>
    public int OpenedAt { get; private set; } = -1;

    /// <summary>Takes in the character at this index and answers with the index of the next one that has a meaning.</summary>
    public int Next(int at)
    {
        char c = command[at];
        // A letter after a backslash is that letter, and may begin a URL.
        if (c == '\\' && Open is null or '"' && at + 1 < command.Length && !char.IsAsciiLetter(command[at + 1]))
            return at + 2;
        if (Closes(c))
            (Open, OpenedAt) = (null, -1);
        else if (Open is null && Opens(c, at))
            (Open, OpenedAt) = (c, at);
        return at + 1;
    }

    private bool Closes(char c) => Open == Comment ? c == '\n' : c == Open;

    private bool Opens(char c, int at) => c is '\'' or '"' || (c == Comment && (at == 0 || char.IsWhiteSpace(command[at - 1])));
}
