using System.Text;
using DynamicToolset.Service.Options;

namespace DynamicToolset.Service.Cli;

/// <summary>The settings as the help of <c>run</c> lists them.</summary>
internal static class SettingsHelp
{
    private const int Width = 100;
    private const int MeaningColumn = 38;

    public static string Text()
    {
        var text = new StringBuilder();
        foreach (IGrouping<string, SettingDefinition> group in Settings.Definitions.GroupBy(definition => definition.Group))
        {
            text.Append('\n').Append(group.Key).Append(":\n");
            foreach (SettingDefinition definition in group)
                AppendSetting(text, definition);
        }

        return text.ToString();
    }

    private static void AppendSetting(StringBuilder text, SettingDefinition definition)
    {
        string fallback = definition.Default.Length > 0 ? definition.Default : definition.EmptyMeans;
        string name = definition.IsSecret ? definition.Name : $"--{definition.Flag}";
        string column = $"  {name}".PadRight(MeaningColumn);
        foreach (string line in Wrap($"{FirstSentence(definition.Meaning)} [{fallback}]"))
        {
            text.Append(column).Append(line).Append('\n');
            column = new string(' ', MeaningColumn);
        }
    }

    public static string FirstSentence(string meaning)
    {
        int end = meaning.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? meaning : meaning[..(end + 1)];
    }

    private static IEnumerable<string> Wrap(string sentence)
    {
        var line = new StringBuilder();
        foreach (string word in sentence.Split(' '))
        {
            if (line.Length > 0 && MeaningColumn + line.Length + 1 + word.Length > Width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
