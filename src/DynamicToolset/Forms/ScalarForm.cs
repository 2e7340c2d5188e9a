using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DynamicToolset.Values;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>One value, and not null.</summary>
internal sealed class ScalarForm<T>(string allowed, string example, ScalarForm<T>.Reader read) : Form<T>(allowed, example)
{
    public delegate bool Reader(YamlNode.Scalar scalar, [MaybeNullWhen(false)] out T value);

    public override bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, [MaybeNullWhen(false)] out T value) =>
        (node is YamlNode.Scalar { IsNull: false } scalar && read(scalar, out value)) || Refuse(node, subject, report, out value);
}

/// <summary>The kinds of single values that there are.</summary>
internal static class ScalarForm
{
    public static ScalarForm<bool> Flag { get; } = new("true or false", "true", TryReadFlag);

    /// <summary>Without sign and quotes.</summary>
    public static ScalarForm<int> Whole(int least, int most) => new(
        $"a whole number from {least} to {most}",
        least.ToString(CultureInfo.InvariantCulture),
        (YamlNode.Scalar scalar, out int number) =>
            int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && scalar.IsPlain && number >= least && number <= most);

    /// <summary>The text as written: a number or a boolean is read as text.</summary>
    public static ScalarForm<string> Text(string allowed, string example, Func<string, bool> isAllowed) => new(
        allowed,
        example,
        (YamlNode.Scalar scalar, [MaybeNullWhen(false)] out string text) => isAllowed(text = scalar.Text));

    /// <summary>The same, of what YAML takes for some kinds of values.</summary>
    public static ScalarForm<string> Value(string allowed, string example, Func<ToolsetValue, bool> isAllowed) => new(
        allowed,
        example,
        (YamlNode.Scalar scalar, [MaybeNullWhen(false)] out string text) =>
        {
            text = scalar.Text;
            return isAllowed(ToolsetValueReader.Read(scalar));
        });

    /// <summary>One of some words, in this case.</summary>
    public static ScalarForm<T> Word<T>(params (string Word, T Value)[] words) => new(
        words.Length == 1 ? words[0].Word : $"one of {string.Join(", ", words.Select(w => w.Word))}",
        words[0].Word,
        (YamlNode.Scalar scalar, [MaybeNullWhen(false)] out T value) =>
        {
            int index = Array.FindIndex(words, w => w.Word == scalar.Text);
            value = index < 0 ? default : words[index].Value;
            return index >= 0;
        });

    private static bool TryReadFlag(YamlNode.Scalar scalar, out bool value)
    {
        var flag = ToolsetValueReader.Read(scalar) as ToolsetValue.Flag;
        value = flag?.Value == true;
        return flag is not null;
    }
}
