using System.Globalization;
using System.Text;

namespace DynamicToolset.Tests.Samples;

internal static class OverrideTexts
{
    /// <summary>Many small toolsets, with comments and CRLF here and there.</summary>
    public static string Large(int characters)
    {
        var text = new StringBuilder();
        for (int i = 0; text.Length < characters; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"# number {i}\r\ntool-{i}:\n  enabled: {(i % 2 == 0 ? "yes" : "off")}\n  config:\n");
            text.Append(CultureInfo.InvariantCulture, $"    url: http://tool-{i}.example:80\n    note: \"😀 {new string('x', i % 300)}\"   \n");
        }

        return text.ToString();
    }
}
