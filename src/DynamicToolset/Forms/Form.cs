using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DynamicToolset.Yaml;

namespace DynamicToolset.Forms;

/// <summary>
/// What may stand at one place of a text. The grammar of a file is made of these: its reader goes by them, and whoever wants to know all that
/// there is can look through them.
/// </summary>
/// <param name="allowed">What is allowed, as it ends the sentence "this must be …".</param>
/// <param name="example">YAML on one line that is right here.</param>
internal abstract class Form(string allowed, string example)
{
    public string Allowed => allowed;

    public string Example => example;

    /// <summary>The fields that a map may have; empty for what is no such map.</summary>
    public virtual ImmutableArray<Field> Fields => [];

    /// <summary>What each item of a list, or each value of a map with free keys, must be; null for what is neither.</summary>
    public virtual Form? Item => null;
}

/// <summary>A form with the meaning of what has it.</summary>
internal abstract class Form<T>(string allowed, string example) : Form(allowed, example)
{
    /// <param name="subject">How messages call it: <c>"priority"</c>, <c>an entry of "ports"</c>.</param>
    /// <param name="report">Is told every problem.</param>
    /// <returns>False where there was one.</returns>
    public abstract bool TryRead(YamlNode node, string subject, Action<YamlPosition, string> report, [MaybeNullWhen(false)] out T value);

    protected bool Refuse(YamlNode node, string subject, Action<YamlPosition, string> report, out T? value)
    {
        value = default;
        report(node.Position, $"{subject} must be {Allowed}{(node is YamlNode.Scalar { IsNull: true } ? ", and not null" : "")}");
        return false;
    }
}
