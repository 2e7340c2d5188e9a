using System.Diagnostics;
using DynamicToolset.Backends;

namespace DynamicToolset.Holmes.Generation;

/// <summary>
/// What a shell does with a word of the model's before curl sees it: a variable of the same name, or an error that says what to write.
/// Plain POSIX with awk, as each image of HolmesGPT has them. Templates leave it alone: no brace has another one, <c>%</c> or <c>#</c> behind it.
/// </summary>
internal static class ShellParameter
{
    /// <summary>Ten years. Jaeger takes a beginning before 1970 for none.</summary>
    private const string LongestLookback = "315360000";

    /// <summary>Units by their names and first letters, with or without spaces, one behind another, as in ISO 8601 too, or counted back from now.</summary>
    private const string Seconds =
        "BEGIN { t = tolower(t); gsub(/ /, \"\", t); sub(/^(now)?-/, \"\", t); sub(/^pt/, \"\", t); if (t ~ /^p[0-9]+[dw]$/) t = substr(t, 2);"
        + " if (t ~ /^[0-9]+$/) t = t \"s\";"
        + " while (match(t, /^[0-9]+(\\.[0-9]+)?[a-z]+/)) { n = u = substr(t, 1, RLENGTH); t = substr(t, RLENGTH + 1); sub(/[a-z]+$/, \"\", n); sub(/^[0-9.]+/, \"\", u);"
        + " s += n * (u ~ /^s(ecs?|econds?)?$/ ? 1 : u ~ /^m(ins?|inutes?)?$/ ? 60 : u ~ /^h(rs?|ours?)?$/ ? 3600 : u ~ /^d(ays?)?$/ ? 86400 : u ~ /^w(eeks?)?$/ ? 604800 : -1e12) }"
        + " if (t != \"\" || s < 1 || s > " + LongestLookback + ") exit 1; printf \"%d\", s }";

    /// <summary>
    /// A dot segment in whatever disguise a server might undo: escaped dots, slashes and backslashes, escapes of escapes, overlong UTF-8, and
    /// the parameters of a segment (<c>..;</c>). An escape that is none could become one when it is read again.
    /// </summary>
    private const string Climbs =
        "/*|*//*|*..*|*[!A-Za-z0-9._~/%+,:=@-]*|*%|*%?|*%[!2-9A-Fa-f]*|*%?[!0-9A-Fa-f]*|*%2[5EeFf]*|*%5[Cc]*|*%[Cc][01]*";

    /// <summary>For the beginning of a command; empty where the word is sent as it is.</summary>
    public static string Check(HolmesForm.Parameter parameter)
    {
        string name = parameter.Name, assign = $"{name}={{{{ {name} }}}}; ";
        return parameter.Kind switch
        {
            HolmesForm.ParameterKind.Text => "",
            HolmesForm.ParameterKind.Hexadecimal => assign + Refuse($"${{{name}-}}", "''|*[!0-9A-Fa-f]*", $"{name}: write hexadecimal digits"),
            HolmesForm.ParameterKind.Step =>
                assign + Refuse($"${{{name}-}}", "''|.|*..*|*[!A-Za-z0-9._,*:+@-]*", $"{name}: write letters, digits and ._,*:+@-"),
            HolmesForm.ParameterKind.Path => assign
                + $"{name}=${{{name}#/}}; "
                + Refuse($"${{{name}%%\\?*}}", Climbs, $"{name}: write a path below, of letters, digits and ._~/+,:=@-, without .. or //, and a space as %20")
                + Refuse($"${{{name}-}}", "*#*", $"{name}: write # as %23, in a query alone"),
            HolmesForm.ParameterKind.Lookback =>
                $"{name}=$(awk -v t={{{{ {name} }}}} '{Seconds}') || {{ {Error($"{name}: write 90m, 1h, 2d or a number of seconds, up to ten years")}; }}; ",
            _ => throw new UnreachableException(),
        };
    }

    private static string Refuse(string value, string patterns, string message) => $"case {value} in {patterns}) {Error(message)};; esac; ";

    /// <summary>HolmesGPT shows the model both streams.</summary>
    private static string Error(string message) => $"echo '{message}' >&2; exit 2";
}
